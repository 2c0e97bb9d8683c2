import assert from "node:assert/strict";
import { parseConfig } from "../../../core/config/parse.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const PLACE = { file: "/work/app/rdsiam.toml", home: "/home/me" };

const WHOLE = `
default_target = "orders"

[targets.orders]
host = "orders.abc.eu-west-1.rds.amazonaws.com"
port = 5433
database = "shop"
username = "app"
profile = "prod"
region = "eu-west-1"
role_arn = "arn:aws:iam::1:role/db"
connect = "127.0.0.1:15432"
sslmode = "verify-ca"
sslrootcert = "ca.pem"
engine = "postgres"

[targets.orders.admin]
username = "postgres"
auth = "iam"

[targets."jane@audit"]
host = "audit.abc.eu-west-1.rds.amazonaws.com"

[[sync]]
writer = "pgpass"
path = "~/.pgpass"
targets = ["orders", "jane@audit"]
options = { header = true, indent = 2, style = "short" }
on_refresh = "systemctl --user reload pgbouncer"

[[sync]]
writer = "./writers/mine.ts"
path = "../out/mine.conf"
`;

/** The text with one more line behind the orders target's header, which is line 2. */
function withLine(line: string): string {
  return `\n[targets.orders]\nhost = "db"\n${line}\n`;
}

async function assertRefused(
  text: string,
  line: number,
  why: string,
  hint?: string,
) {
  await assertRefusesLater(parseConfig(text, PLACE), {
    message: `Configuration file "/work/app/rdsiam.toml", line ${line}: ${why}`,
    hint,
  });
}

Deno.test("parseConfig() reads every key", async () => {
  const file = PLACE.file;
  assert.deepEqual(await parseConfig(WHOLE, PLACE), {
    path: file,
    defaultTarget: "orders",
    targets: [
      {
        name: "orders",
        fields: {
          host: "orders.abc.eu-west-1.rds.amazonaws.com",
          port: "5433",
          username: "app",
          dbname: "shop",
          region: "eu-west-1",
          profile: "prod",
          roleArn: "arn:aws:iam::1:role/db",
          connect: "127.0.0.1:15432",
          sslmode: "verify-ca",
          sslrootcert: "/work/app/ca.pem",
          engine: "postgres",
        },
        admin: { username: "postgres", auth: "iam" },
        file,
      },
      {
        name: "jane@audit",
        fields: { host: "audit.abc.eu-west-1.rds.amazonaws.com" },
        file,
      },
    ],
    sync: [
      {
        writer: "pgpass",
        path: "/home/me/.pgpass",
        targets: ["orders", "jane@audit"],
        options: { header: true, indent: 2, style: "short" },
        onRefresh: "systemctl --user reload pgbouncer",
        file,
      },
      {
        writer: "/work/app/writers/mine.ts",
        path: "/work/out/mine.conf",
        options: {},
        file,
      },
    ],
  });
});

Deno.test("parseConfig() reads an empty file", async () => {
  assert.deepEqual(await parseConfig("", PLACE), {
    path: PLACE.file,
    targets: [],
    sync: [],
  });
});

Deno.test("parseConfig() leaves alone what is no path", async () => {
  const { targets, sync } = await parseConfig(
    withLine('sslrootcert = "system"') +
      '[[sync]]\nwriter = "pgpass"\npath = "-"\n[[sync]]\nwriter = "env"\npath = "|cat"\n',
    PLACE,
  );
  assert.equal(targets[0]?.fields.sslrootcert, "system");
  assert.deepEqual(sync.map(({ path }) => path), ["-", "|cat"]);
});

Deno.test("parseConfig() takes a path with a tilde from the home folder alone", async () => {
  const text = withLine('sslrootcert = "~"');
  const { targets } = await parseConfig(text, PLACE);
  assert.equal(targets[0]?.fields.sslrootcert, "/home/me");
  await assertRefusesLater(
    parseConfig(text, { ...PLACE, home: undefined }),
    {
      message:
        'Configuration file "/work/app/rdsiam.toml", line 4: key "sslrootcert" begins with ~, and there is no home folder',
      hint: "Set HOME, or write the whole path",
    },
  );
});

Deno.test("parseConfig() names the line of a key that is not known, and the nearest", async () => {
  await assertRefused(
    "[target.orders]\n",
    1,
    'key "target" is not known',
    'Did you mean "targets"?',
  );
  await assertRefused(
    withLine('hots = "db"'),
    4,
    'key "hots" is not known',
    'Did you mean "host"?',
  );
  await assertRefused(
    withLine("admin = { username = 'a', color = 'red' }"),
    4,
    'key "color" is not known',
    "Known: username, auth",
  );
  await assertRefused(
    "targets.orders.host = 'db'\ntargets.orders.prt = 1\n",
    2,
    'key "prt" is not known',
    'Did you mean "port"?',
  );
  await assertRefused(
    "[[sync]]\nwriter = 'a'\n[[sync]]\nwriter = 'b'\npth = 'c'\n",
    5,
    'key "pth" is not known',
    'Did you mean "path"?',
  );
  await assertRefused(
    withLine('constructor = "db"'),
    4,
    'key "constructor" is not known',
    "Known: host, port, database, username, profile, region, role_arn, connect, tunnel, sslmode, sslrootcert, engine, admin",
  );
});

Deno.test("parseConfig() says what a value must be", async () => {
  const port = "a whole number from 1 to 65535, without quotes";
  const cases: [line: string, wanted: string][] = [
    ['port = "5432"', `key "port" must be ${port}`],
    ["port = 0", `key "port" must be ${port}`],
    ["port = 54.32", `key "port" must be ${port}`],
    ["username = 1", 'key "username" must be a text in quotes'],
    ['username = ""', 'key "username" must be a text in quotes'],
    ["username = 2026-01-01", 'key "username" must be a text in quotes'],
    [
      'sslmode = "prefer"',
      'key "sslmode" must be "require" or "verify-ca" or "verify-full"',
    ],
    ['admin = "postgres"', 'key "admin" must be a table'],
    ['admin.auth = "trust"', 'key "auth" must be "password" or "iam"'],
  ];
  for (const [line, wanted] of cases) {
    await assertRefused(withLine(line), 4, wanted);
  }
  await assertRefused("targets = 1", 1, 'key "targets" must be a table');
  await assertRefused("[[targets]]", 1, 'key "targets" must be a table');
  await assertRefused(
    "[sync]\nwriter = 'a'",
    1,
    'key "sync" must be an array of tables: [[sync]]',
  );
  const sync = "[[sync]]\nwriter = 'a'\n";
  await assertRefused(
    `${sync}targets = "orders"`,
    3,
    'key "targets" must be a list of texts, such as ["orders", "billing"]',
  );
  await assertRefused(
    `${sync}options.list = [1]`,
    3,
    'key "list" must be a text, a number, true or false',
  );
});

Deno.test("parseConfig() misses what a table needs", async () => {
  await assertRefused(
    '\n[targets.orders]\nusername = "app"\n',
    2,
    'key "host" is missing',
    'Add host = "…"',
  );
  await assertRefused(
    "[[sync]]\nwriter = 'a'\n[[sync]]\npath = 'b'\n",
    3,
    'key "writer" is missing',
    'Add writer = "…"',
  );
});

Deno.test("parseConfig() takes no name that a shell or rdsiam would read as something else", async () => {
  for (const name of ["-h", ".", "a b", "a:b", "postgres://x", "$x", ""]) {
    await assertRefused(
      `[targets.${JSON.stringify(name)}]\nhost = "db"`,
      1,
      `target name ${JSON.stringify(name)} cannot be used`,
      "Use letters, digits and _, and after the first of them . @ - too",
    );
  }
});

// security: config-no-secret
Deno.test("parseConfig() refuses secrets wherever they stand, repeating none", async () => {
  const hint =
    "Remove it: rdsiam signs tokens with your AWS credentials, and takes an administrator's password from PGPASSWORD, the passfile or a prompt";
  for (
    const key of [
      "password",
      "Password",
      "PGPASSWORD",
      "token",
      "secret_access_key",
      "aws-secret-access-key",
      "aws_session_token",
    ]
  ) {
    const why =
      `key "${key}" would hold a secret, and no configuration file may`;
    const line = `${key} = "s3cret"`;
    await assertRefused(line, 1, why, hint);
    await assertRefused(withLine(line), 4, why, hint);
    await assertRefused(
      `[[sync]]\nwriter = "a"\n[sync.options]\n${line}`,
      4,
      why,
      hint,
    );
  }
});

Deno.test("parseConfig() names the line of what is no TOML, and shows none of it", async () => {
  await assertRefused(
    'a = "s3cret\nb = 1\n',
    1,
    "not valid TOML: control characters are not allowed in strings",
    "Write it as TOML: https://toml.io",
  );
  await assertRefused(
    "[targets.a]\n[targets.a]\n",
    2,
    "not valid TOML: trying to redefine an already defined table or value",
    "Write it as TOML: https://toml.io",
  );
});
