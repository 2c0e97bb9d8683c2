import assert from "node:assert/strict";
import { fakeConfig, FakeOutput } from "../../fakes.ts";
import { CATALOG } from "../../services/access/fake_session.ts";
import { access, ADMIN, HOST, TARGET } from "./access_fixture.ts";

Deno.test("setup-db logs in where the target is, as the administrator, by password", async () => {
  const { code, logins } = await access([
    "setup-db",
    ...TARGET,
    "--connect",
    "127.0.0.1:6000",
    "--sslmode",
    "require",
    ...ADMIN,
  ]);
  assert.equal(code, 0);
  const [first, second] = logins;
  assert.deepEqual({ ...first, password: first?.password.reveal() }, {
    address: { host: "127.0.0.1", port: 6000 },
    serverName: HOST,
    sslmode: "require",
    trust: { kind: "nothing" },
    database: "orders",
    username: "master",
    password: "secret",
    method: "password",
  });
  assert.deepEqual(second, first);
});

Deno.test("setup-db --admin-iam logs in with a token and asks for no password", async () => {
  const { code, logins } = await access([
    "setup-db",
    ...TARGET,
    ...ADMIN,
    "--admin-iam",
  ], { parts: { environment: {} } });
  assert.equal(code, 0);
  assert.equal(logins[0]?.password.reveal(), "token-1");
  assert.equal(logins[0]?.method, "token");
});

Deno.test("setup-db takes the database of --admin-url, verified by the roots it carries", async () => {
  const { logins } = await access([
    "setup-db",
    "--user",
    "app",
    "--admin-url",
    `postgres://master@${HOST}:5433/orders`,
  ]);
  const { address, trust, database, username } = logins[0] ?? {};
  assert.deepEqual({ address, database, username }, {
    address: { host: HOST, port: 5433 },
    database: "orders",
    username: "master",
  });
  assert.equal(trust?.kind, "roots");
});

Deno.test("setup-db prints what it changed, and then what is left to do", async () => {
  const { stdout, stderr, sessions } = await access([
    "setup-db",
    ...TARGET,
    ...ADMIN,
  ]);
  assert.equal(
    stdout,
    '= already granted: CONNECT on database "app" to "app" (through PUBLIC)\n+ create login role "app"\n+ grant role "rds_iam" to "app"\n',
  );
  assert.equal(
    stderr,
    `\nNext: let an AWS identity connect, with this IAM policy:\n` +
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds-db:connect","Resource":"arn:aws:rds-db:eu-west-1:ACCOUNT_ID:dbuser:cluster-RESOURCE_ID/app"}]}\n` +
      `which this prints with the account and the resource id looked up:\nrdsiam policy -h ${HOST} -U app\n` +
      `Then log in:\nrdsiam exec -h ${HOST} -U app -d orders -- psql\n`,
  );
  assert.deepEqual(sessions[0]?.changes.at(-1), "COMMIT");
});

Deno.test("setup-db names the target to log in to as it was named, unless an option says more", async () => {
  const config = fakeConfig({
    orders: {
      host: HOST,
      username: "app",
      dbname: "orders",
    },
  });
  const parts = { loadConfig: () => Promise.resolve(config) };
  const rows = [
    [[], "rdsiam exec orders -- psql"],
    [["--user", "jane doe"], "rdsiam exec orders -U 'jane doe' -- psql"],
    [["--config", "a.toml"], "rdsiam exec orders --config a.toml -- psql"],
    [
      ["-d", "audit"],
      `rdsiam exec -h ${HOST} -U app -d audit -- psql`,
    ],
    [
      ["--sslmode", "require"],
      `rdsiam exec -h ${HOST} --sslmode require -U app -d orders -- psql`,
    ],
  ] as const;
  for (const [args, expected] of rows) {
    const { stderr } = await access(["setup-db", "orders", ...args, ...ADMIN], {
      parts,
    });
    assert.equal(stderr.split("\n").at(-2), expected);
  }
});

Deno.test("setup-db colours its lines on a terminal, unless NO_COLOR says no", async () => {
  const terminal = (environment: Record<string, string>) => {
    const stdout = new FakeOutput();
    stdout.isTerminal = true;
    return access(["setup-db", ...TARGET, ...ADMIN], {
      parts: { stdout, environment },
    });
  };
  const colored = await terminal({ PGPASSWORD: "secret" });
  assert.deepEqual(colored.stdout.split("\n").slice(1, 2), [
    '\x1b[32m+ create login role "app"\x1b[39m',
  ]);
  const plain = await terminal({ PGPASSWORD: "secret", NO_COLOR: "1" });
  assert.ok(!plain.stdout.includes("\x1b"));
});

Deno.test("setup-db --json prints one document", async () => {
  const { stdout, stderr } = await access([
    "setup-db",
    ...TARGET,
    ...ADMIN,
    "--json",
    "--check",
  ]);
  const { applied, administrator, sql, already, policy } = JSON.parse(stdout);
  assert.deepEqual({ applied, administrator, sql }, {
    applied: false,
    administrator: "master",
    sql: ['CREATE ROLE "app" LOGIN', 'GRANT "rds_iam" TO "app"'],
  });
  assert.equal(already.length, 1);
  assert.ok(policy !== undefined && stderr === "");
});

Deno.test("setup-db --force tells whose password stops working", async () => {
  const [master, iam] = CATALOG.roles;
  const catalog = {
    ...CATALOG,
    roles: [master, iam, {
      ...master,
      name: "app",
      createRole: false,
      sessions: 2,
    }],
  };
  const refused = await access(["setup-db", ...TARGET, ...ADMIN], { catalog });
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^error: Granting rds_iam was refused: "app" has 2 open sessions/,
  );
  const forced = await access(["setup-db", ...TARGET, ...ADMIN, "--force"], {
    catalog,
  });
  assert.equal(forced.code, 0);
  assert.match(forced.stderr, /^warning: Forced: "app" has 2 open sessions/);
});
