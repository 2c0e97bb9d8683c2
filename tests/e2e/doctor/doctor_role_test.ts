import assert from "node:assert/strict";
import { type AccessEmulator, onEachServer } from "../access/access.ts";
import { rdsiam } from "../rdsiam.ts";

/** What `doctor` says of a user's role; AWS is out of reach. */
async function roleOf(
  { options, master }: AccessEmulator,
  username: string,
): Promise<Record<string, string>> {
  const { stdout } = await rdsiam([
    ...["doctor", ...options, "-d", "postgres", "-U", username, "--json"],
    ...["--admin-username", master.username],
  ], {
    env: {
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_MAX_ATTEMPTS: "1",
      PGPASSWORD: master.password,
      PGPASSFILE: "/nonexistent/pgpass",
    },
  });
  const { checks } = JSON.parse(stdout);
  const wanted = ["login", "role", "access"];
  return Object.fromEntries(
    checks.filter(({ check }: { check: string }) => wanted.includes(check))
      .map((
        { check, status, detail }: Record<string, string>,
      ) => [check, `${status}: ${detail}`]),
  );
}

onEachServer(
  "doctor follows a role from nothing to a login",
  async (emulator) => {
    assert.deepEqual(await roleOf(emulator, "jane.doe@example.com"), {
      login: "skipped: refused, because of role",
      role: 'failed: role "jane.doe@example.com" does not exist',
      access: "skipped: there is no such role",
    });

    await emulator.query('create role "jane.doe@example.com"');
    assert.deepEqual(await roleOf(emulator, "jane.doe@example.com"), {
      login: "skipped: refused, because of role",
      role: 'failed: role "jane.doe@example.com" is not in rds_iam',
      access: 'ok: CONNECT on "postgres", USAGE on schema public',
    });

    await emulator.query("revoke usage on schema public from public");
    const { code } = await emulator.access(
      "setup-db",
      ...["--user", "jane.doe@example.com"],
    );
    assert.equal(code, 0);
    assert.deepEqual(await roleOf(emulator, "jane.doe@example.com"), {
      login: 'ok: token accepted, "jane.doe@example.com" is in',
      role: 'ok: "jane.doe@example.com" is in rds_iam',
      access: 'warning: CONNECT on "postgres", no USAGE on schema public',
    });
  },
);

onEachServer("doctor names CONNECT that is missing", async (emulator) => {
  await emulator.query(
    "create role app login",
    "revoke connect on database postgres from public",
    "grant rds_iam to app",
  );
  assert.deepEqual(await roleOf(emulator, "app"), {
    login: "skipped: refused, because of access",
    role: 'ok: "app" is in rds_iam',
    access: 'failed: CONNECT on "postgres" is missing',
  });
});
