import assert from "node:assert/strict";
import type { GrantWish } from "../../../core/access/wish.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { SqlError } from "../../../core/database/sql_error.ts";
import { fulfil } from "../../../services/access/fulfil.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { CATALOG, FakeSession, lost } from "./fake_session.ts";

const WISH: GrantWish = {
  kind: "grant",
  users: ["app"],
  createUsers: true,
  iam: true,
  createRdsIam: false,
  group: null,
  privileges: [],
};
const APPLY = { apply: true, force: false };
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED";
const STEPS = ['CREATE ROLE "app" LOGIN', 'GRANT "rds_iam" TO "app"'];

/** Ports that hand out these sessions, one after the other; an error instead of one is thrown. */
function sessions(...given: (FakeSession | Error)[]) {
  const left = [...given];
  const stop = new AbortController();
  return {
    stop,
    stopSignal: () => stop.signal,
    logIn() {
      const next = left.shift();
      return next instanceof FakeSession
        ? Promise.resolve(next)
        : Promise.reject(next ?? new Error("Logged in too often"));
    },
  };
}

Deno.test("fulfil() applies a plan in one transaction, then logs in once more while the session is open", async () => {
  const [session, second] = [new FakeSession(), new FakeSession()];
  let wasOpen: boolean | undefined;
  const ports = sessions(session, second);
  const outcome = await fulfil(WISH, {
    ...ports,
    logIn() {
      wasOpen = !session.isClosed;
      return ports.logIn();
    },
  }, APPLY);
  assert.equal(outcome.isApplied, true);
  assert.deepEqual(session.changes, [BEGIN, ...STEPS, "COMMIT"]);
  assert.deepEqual(second.ran, []);
  assert.ok(wasOpen && session.isClosed && second.isClosed);
});

Deno.test("fulfil() changes nothing when it shall not, or need not", async () => {
  const dry = new FakeSession();
  const outcome = await fulfil(WISH, sessions(dry), { ...APPLY, apply: false });
  assert.equal(outcome.plan.steps.length, 2);
  assert.deepEqual(dry.changes, [BEGIN, "ROLLBACK"]);
  const done = new FakeSession();
  await fulfil(
    { ...WISH, users: ["master"], iam: false },
    sessions(done),
    APPLY,
  );
  assert.deepEqual(done.changes, [BEGIN, "ROLLBACK"]);
});

Deno.test("fulfil() refuses an impossible name before anybody logs in", async () => {
  await assert.rejects(
    fulfil({ ...WISH, users: ["a\0"] }, sessions(), APPLY),
    /^RdsiamError: Name "a\\u0000" cannot be used/,
  );
});

for (
  const [code, message] of [["42710", 'role "app" already exists'], [
    "23505",
    "duplicate key",
  ], ["XX000", "tuple concurrently updated"]] as const
) {
  Deno.test(`fulfil() plans anew, once, when another was quicker (${message})`, async () => {
    const session = new FakeSession();
    let left = 1;
    session.before = (sql) => {
      if (sql === STEPS[0] && left-- > 0) throw new SqlError(code, message);
    };
    const outcome = await fulfil(
      WISH,
      sessions(session, new FakeSession()),
      APPLY,
    );
    assert.equal(outcome.isApplied, true);
    assert.deepEqual(session.changes, [
      BEGIN,
      STEPS[0],
      "ROLLBACK",
      BEGIN,
      ...STEPS,
      "COMMIT",
    ]);

    const stubborn = new FakeSession();
    stubborn.before = (sql) => {
      if (sql === STEPS[0]) throw new SqlError(code, message);
    };
    await assertRefusesLater(fulfil(WISH, sessions(stubborn), APPLY), {
      kind: "failed",
      message: `${STEPS[0]} failed: ${message}`,
      hint: "See the log of the database",
    });
    assert.equal(stubborn.changes.at(-1), "ROLLBACK");
  });
}

Deno.test("fulfil() says which statement the server does not permit, and to whom it would", async () => {
  const session = new FakeSession();
  session.before = (sql) => {
    if (sql === STEPS[1]) {
      throw new SqlError("42501", 'permission denied to grant role "rds_iam"', {
        hint:
          'Only roles with the ADMIN option on role "rds_iam" may grant this role.',
      });
    }
  };
  await assertRefusesLater(fulfil(WISH, sessions(session), APPLY), {
    kind: "failed",
    message:
      'GRANT "rds_iam" TO "app" failed: permission denied to grant role "rds_iam"',
    hint:
      'Only roles with the ADMIN option on role "rds_iam" may grant this role. Let one of them, or a superuser, do it',
  });
});

Deno.test("fulfil() tells a connection that was lost before the commit from one that was lost in it", async () => {
  const early = new FakeSession();
  early.before = (sql) => {
    if (sql === STEPS[1]) throw lost();
  };
  await assertRefusesLater(fulfil(WISH, sessions(early), APPLY), {
    kind: "unreachable",
    message: "The connection to the database was lost: nothing changed",
    hint: "Run the same again",
  });
  assert.deepEqual(early.changes, [BEGIN, ...STEPS]);
  const late = new FakeSession();
  late.before = (sql) => {
    if (sql === "COMMIT") throw lost();
  };
  await assertRefusesLater(fulfil(WISH, sessions(late), APPLY), {
    kind: "unreachable",
    message:
      "The connection to the database was lost while it committed: either all was done or nothing",
    hint: "Run the same again: what is done is not done twice",
  });
});

Deno.test("fulfil() gives up when it is stopped, but not once it commits", async () => {
  const session = new FakeSession();
  const ports = sessions(session);
  session.before = (sql) => {
    if (sql === STEPS[1]) ports.stop.abort();
  };
  await assertRefusesLater(fulfil(WISH, ports, APPLY), {
    kind: "failed",
    message: "Stopped before the end: nothing changed",
  });
  assert.ok(session.isAborted && !session.changes.includes("COMMIT"));

  const committing = new FakeSession();
  const second = new FakeSession();
  const late = sessions(committing, second);
  committing.before = (sql) => {
    if (sql === "COMMIT") late.stop.abort();
  };
  await fulfil(WISH, late, APPLY);
  assert.ok(!committing.isAborted && second.isClosed);
});

Deno.test("fulfil() takes the grant back and drops the new role when the second login is refused", async () => {
  const session = new FakeSession({ ...CATALOG, roles: [...CATALOG.roles] });
  const refusal = new RdsiamError(
    "refused",
    "Login failed: no password is taken",
  );
  await assertRefusesLater(fulfil(WISH, sessions(session, refusal), APPLY), {
    kind: "failed",
    message:
      'Granting rds_iam to "app" was taken back: "master" could not log in any more (Login failed: no password is taken)',
    hint:
      "Whoever creates a role on this server counts as its member: let a superuser create it, or an administrator who logs in with a token (--admin-iam)",
  });
  assert.deepEqual(session.changes.slice(0, 7), [
    BEGIN,
    ...STEPS,
    "COMMIT",
    BEGIN,
    'REVOKE "rds_iam" FROM "app"',
    "COMMIT",
  ]);
});

Deno.test("fulfil() takes the grant back as well when nobody can tell", async () => {
  const session = new FakeSession();
  const unreachable = new RdsiamError(
    "unreachable",
    "Database cannot be reached: it did not answer in time",
  );
  await assert.rejects(
    fulfil(WISH, sessions(session, unreachable), APPLY),
    (error) => {
      assert.ok(error instanceof RdsiamError);
      assert.equal(error.hint, "Run the same again when logging in works");
      return true;
    },
  );
  assert.ok(session.changes.includes('REVOKE "rds_iam" FROM "app"'));
});

Deno.test("fulfil() says what to do by hand when the grant cannot be taken back", async () => {
  const session = new FakeSession();
  session.before = (sql) => {
    if (sql.startsWith("REVOKE")) throw lost();
  };
  await assertRefusesLater(
    fulfil(WISH, sessions(session, new RdsiamError("refused", "No")), APPLY),
    {
      kind: "failed",
      message:
        "Granting rds_iam has cost the administrator its login, and could not be taken back",
      hint:
        'As another administrator, or with a token, run: REVOKE rds_iam FROM "app"',
    },
  );
});
