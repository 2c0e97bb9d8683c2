import assert from "node:assert/strict";
import { serverTest, type TestServer } from "../../mysql_servers.ts";
import { BY_TOKEN, startMysqlEmulator } from "../emulator/mysql_emulator.ts";
import { accessTo, everything, useMysqlAccess } from "./mysql_access.ts";

const emulatorOf = useMysqlAccess(
  "create user colleague identified by 'colleague-password'",
  "create user near@'127.0.0.1' identified by 'near-password'",
  `create user wide ${BY_TOKEN}`,
  "grant select, insert on `sh%`.* to wide",
  "create role team",
);

/** Declares that a command ends so, and that nothing has changed. */
function refuses(
  name: string,
  [command = "", ...args]: string[],
  stderr: RegExp | string | ((server: TestServer) => string),
  code = 2,
) {
  serverTest(name, async (server) => {
    const emulator = await emulatorOf(server);
    const before = await everything(emulator);
    const result = await emulator.access(command, ...args);
    const expected = typeof stderr === "function" ? stderr(server) : stderr;
    if (typeof expected === "string") assert.equal(result.stderr, expected);
    else assert.match(result.stderr, expected);
    assert.deepEqual([result.code, result.stdout], [code, ""]);
    assert.deepEqual(await everything(emulator), before);
  });
}

refuses(
  "setup-db refuses to give the administrator an IAM login",
  [
    "setup-db",
    "-U",
    "admin",
    "--force",
  ],
  /^error: Refused: "admin"@"%" is logged in to do this, and could not log in/,
);
refuses("setup-db refuses an account beside the administrator's", [
  ...["setup-db", "-U", "admin", "--host-pattern", "10.%", "--force"],
], /^error: Refused: "admin"@"10\.%" may take logins from "admin"@"%"/);
refuses("revoke refuses to drop the administrator", [
  ...["revoke", "-U", "admin", "--host-pattern", "%", "--drop-role"],
  "--force",
], /^error: Refused: "admin"@"%" is logged in to do this/);
refuses(
  "setup-db refuses to take a password away",
  [
    "setup-db",
    "-U",
    "colleague",
  ],
  'error: Refused: "colleague"@"%" logs in with a password, which stops working\nhint: Give IAM logins users of their own, or add --force when nothing needs the password any more\n',
);
refuses(
  "setup-db refuses an account that takes a password's logins from some hosts",
  ["setup-db", "-U", "colleague", "--host-pattern", "127.%"],
  /^error: Refused: "colleague"@"%" logs in with a password, which stops working from the hosts of "colleague"@"127\.%"/,
);
refuses(
  "setup-db suggests the nearest database",
  [
    ...["setup-db", "-U", "app", "--preset", "readonly", "--schema", "shpo"],
  ],
  'error: Database "shpo" cannot be used: it does not exist\nhint: Did you mean "shop"?\n',
);
refuses(
  "grant suggests the nearest table",
  [
    ...["grant", "-U", "colleague", "--privileges", "SELECT"],
    ...["--tables", "ordres"],
  ],
  'error: Table "ordres" cannot be used: it does not exist\nhint: Did you mean "orders"?\n',
);
refuses(
  "grant suggests the nearest user",
  [
    ...["grant", "-U", "coleague", "--grant-public-crud"],
  ],
  'error: User "coleague" cannot be used: it does not exist\nhint: Did you mean "colleague"?\n',
);
refuses(
  "grant names the hosts of the user",
  [
    ...["grant", "-U", "near", "--grant-public-crud"],
  ],
  `error: Account "near"@"%" cannot be used: it does not exist\nhint: There is "near"@"127.0.0.1": add --host-pattern '127.0.0.1'\n`,
);
refuses(
  "grant suggests the nearest group",
  [
    ...["grant", "-U", "colleague", "--group", "taem"],
  ],
  'error: Group "taem" cannot be used: it does not exist\nhint: Did you mean "team"?\n',
);
refuses(
  "setup-db takes no account for a group",
  [
    ...["setup-db", "-U", "app", "--group", "colleague"],
  ],
  /^error: Group "colleague" cannot be used: it is an account that can log in/,
);
refuses("setup-db takes no role for a user", [
  ...["setup-db", "-U", "team"],
], /^error: User "team" cannot be used: it is a role/);
refuses(
  "setup-db takes none of RDS's own names",
  [
    ...["setup-db", "-U", "rds_superuser_role"],
  ],
  /^error: User name "rds_superuser_role" cannot be used: RDS or the server reserves it/,
);

serverTest("a grant keeps what a wider pattern gave", async (server) => {
  const emulator = await emulatorOf(server);
  const args = ["-U", "wide", "--privileges", "DELETE"];
  const { stdout } = await emulator.access("grant", ...args);
  assert.equal(
    stdout,
    '+ grant SELECT, INSERT, DELETE on database "shop" to "wide"@"%" (SELECT, INSERT: by a wider pattern until now)\n',
  );
  assert.deepEqual(await emulator.as("wide", "select * from shop.items"), []);
  const taken = await emulator.access(
    "revoke",
    ...["-U", "wide", "--privileges", "SELECT,INSERT"],
  );
  assert.equal(taken.code, 0, taken.stderr);
  const rest = await emulator.access("revoke", ...args);
  assert.equal(rest.code, 2);
  assert.match(
    rest.stderr,
    /^error: Refused: "wide"@"%" would have INSERT, SELECT on database "shop" then: its grant on databases like "sh%" counts as soon as the closer one is gone\n/,
  );
});

serverTest(
  "revoke refuses what costs others something, and tells it with --force",
  async (server) => {
    const emulator = await emulatorOf(server);
    await emulator.query(
      `create user member ${BY_TOKEN}`,
      "grant select on shop.* to team",
      "grant team to member",
    );
    const args = ["--group", "team", "--privileges", "SELECT"];
    const refused = await emulator.access("revoke", ...args);
    const team = server.engine === "mysql" ? '"team"@"%"' : '"team"';
    const loss =
      `"member"@"%" loses SELECT on database "shop", which it has through ${team}`;
    assert.deepEqual(refused, {
      code: 2,
      stdout: "",
      stderr:
        `error: Refused, since it takes more than was asked for: ${loss}\nhint: Add --force if that may go; with --dry-run it is listed alone\n`,
    });
    const forced = await emulator.access("revoke", ...args, "--force");
    assert.deepEqual(forced, {
      code: 0,
      stdout: `- revoke SELECT on database "shop" from ${team}\n`,
      stderr: `warning: ${loss}\n`,
    });
  },
);

serverTest(
  "revoke --drop-role names what else goes, and what runs with the user's rights",
  async (server) => {
    const emulator = await emulatorOf(server);
    await emulator.query(
      `create user maker ${BY_TOKEN}`,
      "grant select, create view on shop.* to maker",
      "grant select on hidden.* to maker",
    );
    await emulator.as("maker", "create view shop.made as select 1 as one");
    const args = ["-U", "maker", "--drop-role"];
    const losses = [
      '"maker"@"%" loses SELECT on database "hidden", which was not named',
      'everybody may lose what view "made" of database "shop" does with the rights of "maker"@"%"',
    ];
    const refused = await emulator.access("revoke", ...args);
    assert.equal(refused.code, 2);
    assert.equal(
      refused.stderr.split("\n")[0],
      `error: Refused, since it takes more than was asked for: ${
        losses.join("; ")
      }`,
    );
    const forced = await emulator.access("revoke", ...args, "--force");
    assert.equal(forced.code, 0, forced.stderr);
    assert.equal(
      forced.stderr,
      losses.map((loss) => `warning: ${loss}\n`).join(""),
    );
    await emulator.query("drop view shop.made");
  },
);

serverTest(
  "setup-db warns of another account that takes the login from here",
  async (server) => {
    const emulator = await emulatorOf(server);
    const { code, stderr } = await emulator.access("setup-db", "-U", "near");
    assert.equal(code, 0);
    assert.match(
      stderr,
      /^warning: A login as "near" from here was asked for something else than a token: .*\nnote: There is also "near"@"127\.0\.0\.1", which takes no token/m,
    );
  },
);

serverTest(
  "setup-db turns a password account into an IAM one with --force, its grants kept",
  async (server) => {
    const emulator = await emulatorOf(server);
    await emulator.query(
      "create user moving identified by 'moving-password'",
      "grant insert on shop.items to moving",
    );
    const { code, stdout, stderr } = await emulator.access(
      "setup-db",
      ...["-U", "moving", "--force"],
    );
    assert.equal(code, 0, stderr);
    assert.equal(
      stdout,
      '~ change account "moving"@"%": log in with IAM, require TLS\n',
    );
    assert.match(stderr, /^warning: Forced: "moving"@"%" logs in with a pass/);
    await emulator.as("moving", "insert into shop.items values (1)");
    await emulator.query("delete from shop.items");
  },
);

serverTest(
  "setup-db mends an account whose password has expired",
  async (server) => {
    // MySQL refuses to have the password of such an account expire.
    if (server.engine === "mysql") return;
    const emulator = await emulatorOf(server);
    await emulator.access("setup-db", "-U", "stale", "--preset", "readonly");
    await emulator.query("alter user stale password expire");
    await assert.rejects(emulator.as("stale", "select 1"), { errno: 1820 });
    const mended = await emulator.access("setup-db", "-U", "stale");
    assert.equal(
      mended.stdout,
      '~ change account "stale"@"%": its password no longer expired\n',
    );
    assert.deepEqual(await emulator.as("stale", "select 1"), [[1]]);
  },
);

serverTest(
  "setup-db says to an administrator without a password to log in with a token",
  async (server) => {
    const emulator = await emulatorOf(server);
    await emulator.query(
      `create user iam_admin ${BY_TOKEN}`,
      "grant create user on *.* to iam_admin",
      "grant select on mysql.* to iam_admin",
      "grant select on shop.* to iam_admin with grant option",
    );
    const admin = { username: "iam_admin", password: "none" };
    const options = ["-d", "shop", "-U", "by_token"];
    const refused = await emulator.accessAs(admin, "setup-db", ...options);
    assert.deepEqual(refused, {
      code: 5,
      stdout: "",
      stderr:
        'error: Login as "iam_admin" failed: the account takes tokens, and no password\nhint: Add --admin-iam to log in with a token\n',
    });
    const done = await emulator.accessAs(
      admin,
      "setup-db",
      ...[...options, "--admin-iam", "--privileges", "SELECT"],
    );
    assert.equal(done.code, 0, done.stderr);
    const none = await emulator.accessAs(
      { username: "colleague", password: "colleague-password" },
      "setup-db",
      ...options,
    );
    assert.equal(none.code, 1);
    assert.match(
      none.stderr,
      /^error: Reading accounts and privileges failed: SELECT command denied to user 'colleague'.*\nhint: Log in as the master user/,
    );
  },
);

serverTest(
  "setup-db takes any name for what it is, and roles in both dialects",
  async (server) => {
    const emulator = await emulatorOf(server);
    const names = [
      'x"; DROP TABLE t; --',
      "x'; DROP USER y; --",
      "Ops-Team",
      "jane.doe@example.com",
      "josé\\",
      "`--",
      "%",
    ];
    for (const [index, name] of names.entries()) {
      const group = `of ${name}`;
      const user = ["--user", name];
      const both = [...user, "--group", group, "--preset", "readonly"];
      const created = await emulator.access("setup-db", ...both);
      assert.equal(created.code, 0, created.stderr);
      assert.match(created.stderr, /^note: .* has logged in with a token$/m);
      const again = await emulator.access("setup-db", ...both, "--check");
      assert.equal(again.code, 0, again.stdout);
      if (index > 3) continue;
      assert.deepEqual(await emulator.as(name, "select * from shop.items"), []);
      const left = await emulator.access("revoke", ...user, "--group", group);
      assert.equal(left.code, 0, left.stderr);
      await assert.rejects(emulator.as(name, "select * from shop.items"));
    }
  },
);

serverTest(
  "setup-db says that IAM authentication is off, in the server's words",
  async (server) => {
    await using emulator = await startMysqlEmulator(server, "--no-iam");
    const { code, stdout, stderr } = await accessTo(emulator).access(
      "setup-db",
      ...["-U", "app"],
    );
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(
      stderr,
      /^note: The server has no plugin AWSAuthenticationPlugin: .*\nerror: CREATE USER 'app'@'%' .* failed: Plugin 'AWSAuthenticationPlugin' is not loaded \(nothing changed\)\nhint: IAM authentication is off .*: turn it on with rdsiam policy --enable\n$/,
    );
  },
);

serverTest("revoke --iam locks the account out", async (server) => {
  const emulator = await emulatorOf(server);
  await emulator.access("setup-db", "-U", "leaver");
  const { stdout } = await emulator.access("revoke", "-U", "leaver", "--iam");
  assert.equal(stdout, '- lock account "leaver"@"%"\n');
  await assert.rejects(emulator.as("leaver", "select 1"), {
    errno: server.engine === "mysql" ? 3118 : 4151,
  });
  const again = await emulator.access("setup-db", "-U", "leaver");
  assert.equal(again.stdout, '~ change account "leaver"@"%": unlocked\n');
  assert.deepEqual(await emulator.as("leaver", "select 1"), [[1]]);
});
