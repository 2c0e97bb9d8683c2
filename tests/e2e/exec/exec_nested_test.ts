/** An rdsiam that is started by the program of `rdsiam exec`. */
import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { RDSIAM, rdsiam } from "../rdsiam.ts";

const DOMAIN = "abcdefghijkl.eu-west-1.rds.amazonaws.com";
const CONFIG = `
default_target = "audit"

[targets.orders]
host = "orders.${DOMAIN}"
username = "app"
connect = "127.0.0.1:15432"
database = "shop"

[targets.billing]
host = "billing.${DOMAIN}"
username = "biller"

[targets.audit]
host = "audit.${DOMAIN}"
port = 6000
`;

/** Runs rdsiam within `rdsiam exec orders`, as a shell's command, and outside of it. */
async function world() {
  const folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/rdsiam.toml`, CONFIG);
  const options = (env: Record<string, string>) => ({
    cwd: folder.path,
    env: { HOME: folder.path, RDSIAM: RDSIAM.join(" "), ...env },
  });
  return {
    path: folder.path,
    outside: (args: string[], env: Record<string, string> = {}) =>
      rdsiam(args, options(env)),
    inside: (
      script: string,
      env: Record<string, string> = {},
      via = "passfile",
    ) =>
      rdsiam(
        ["exec", "orders", "--via", via, "--", "sh", "-c", script],
        options(env),
      ),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const PRINT =
  "sh -c 'echo \"$PGHOST $PGPORT $PGUSER $PGDATABASE $PGHOSTADDR\"'";

Deno.test("exec within exec leads where its own target says", async () => {
  await using here = await world();
  for (const via of ["passfile", "password", "proxy"]) {
    const again = await here.inside(`$RDSIAM exec orders -- ${PRINT}`, {}, via);
    assert.equal(
      again.stdout,
      `orders.${DOMAIN} 15432 app shop 127.0.0.1\n`,
      again.stderr,
    );
    assert.equal(again.stderr, "");
    const other = await here.inside(
      `$RDSIAM exec billing -- ${PRINT}`,
      {},
      via,
    );
    assert.equal(other.stdout, `billing.${DOMAIN} 5432 biller biller \n`);
  }
});

// security: exec-marks-its-own
Deno.test("token and targets show within exec say the same as outside", async () => {
  await using here = await world();
  for (const via of ["passfile", "password", "proxy"]) {
    const { stdout, stderr } = await here.inside(
      "$RDSIAM token billing --json && $RDSIAM token -U me --json",
      {},
      via,
    );
    const tokens = stdout.trim().split("\n").map((line) => {
      const { host, port, username } = JSON.parse(line);
      return [host, port, username];
    });
    assert.deepEqual(tokens, [
      [`billing.${DOMAIN}`, 5432, "biller"],
      // Nothing is named: the default target, not exec's.
      [`audit.${DOMAIN}`, 6000, "me"],
    ], stderr);
    for (const name of ["billing", "orders"]) {
      assert.deepEqual(
        (await here.inside(`$RDSIAM targets show ${name}`, {}, via)).stdout,
        (await here.outside(["targets", "show", name])).stdout,
      );
    }
  }
});

Deno.test("what the user sets within exec is the user's own", async () => {
  await using here = await world();
  const { stdout, stderr } = await here.inside(
    `PGHOST=billing.${DOMAIN} PGUSER=me $RDSIAM token --json`,
  );
  const { host, port, username } = JSON.parse(stdout);
  assert.deepEqual(
    [host, port, username],
    [`billing.${DOMAIN}`, 5432, "me"],
    stderr,
  );
});

// security: exec-marks-its-own
Deno.test("pgpass sync within exec writes into the user's own passfile, not into exec's", async () => {
  await using here = await world();
  const own = `${here.path}/.pgpass`;
  const other = `${here.path}/other`;
  const script =
    '$RDSIAM pgpass sync billing; grep -c "^billing" "$PGPASSFILE" || :';
  const first = await here.inside(script);
  assert.match(first.stderr, new RegExp(`^${own}: billing, good until `));
  assert.equal(first.stdout.trim(), "0");
  assert.match(
    await Deno.readTextFile(own),
    new RegExp(`billing\\.${DOMAIN}:5432:`),
  );
  // The one that the user's environment named before exec put its own there.
  const second = await here.inside(script, { PGPASSFILE: other });
  assert.match(second.stderr, new RegExp(`^${other}: billing, good until `));
});

// security: exec-marks-its-own
Deno.test("setup-db within exec takes exec's password for nobody's", async () => {
  await using here = await world();
  for (const via of ["password", "proxy"]) {
    const { stderr } = await here.inside(
      "$RDSIAM setup-db orders --admin-username postgres < /dev/null",
      {},
      via,
    );
    assert.match(stderr, /^error: Password for "postgres" is missing, /);
  }
});
