/** The documentation's commands, run as they are written, against the emulator and a local AWS. */

import assert from "node:assert/strict";
import { writeProgram } from "../adapters/release/program.ts";
import { temporaryFolder } from "../adapters/temporary_folder.ts";
import { AwsQueryServer } from "../aws/server.ts";
import { readPage, scriptsIn } from "../docs/commands.ts";
import { instance } from "../fake_aws.ts";
import { isMissing, skip } from "../programs.ts";
import { POSTGRES_15 } from "./access/access.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { leadToEmulator } from "./lead_to.ts";
import { environment, KEY, RDSIAM, type Result, run } from "./rdsiam.ts";

/** The endpoint that the pages name. */
const ENDPOINT = "orders.abc123.eu-west-1.rds.amazonaws.com";

/** What is not run here, and why. */
const LEFT_OUT: readonly (readonly [command: RegExp, why: string])[] = [
  [/^curl|^irm/, "there is no release yet; tests/install_test.ts"],
  [/^rdsiam upgrade/, "the same; tests/cli/commands/upgrade_test.ts"],
  [/--save( |$)(?! *\w)/, "asks on a terminal; discover_test.ts"],
  [/^rdsiam doctor/, "is shown finding something; doctor_readme_test.ts"],
  [/deno@|^npm install|^deno install|^deno task/, "needs npm"],
  [
    /^rdsiam service/,
    "needs a session of systemd; tests/e2e/daemon/service_test.ts",
  ],
  [/=\/etc\//, "would write to /etc; tests/plugins/pgbouncer_test.ts"],
  [
    /\/run\/user\/1000/,
    "is there only for that user; tests/e2e/proxy/proxy_test.ts",
  ],
  [/"\$PGHOST"/, "its variables are set by the client that runs it"],
  [
    /^\S+\/rdsiam$/,
    "is the field for a program, which has its arguments beside it",
  ],
  [/--tunnel/, "needs a bastion; tests/e2e/tunnel"],
  [/setup\.py/, "is pgAdmin's"],
  [/^node |^gh /, "is no command of rdsiam's"],
];

const PAGES = [
  ...["README.md", "docs/setup-db.md", "docs/targets.md", "docs/passfile.md"],
  ...["docs/gui-clients.md", "docs/proxy.md", "docs/aws.md", "docs/policy.md"],
  "docs/credentials.md",
];

/** What zsh and PowerShell set, where a page has a line for them. */
const VARIABLES = "fpath=(. .); PROFILE=profile; ";

/** Goes on until it is stopped. */
const STAYS = /--watch|^rdsiam proxy/;

/** What such a command says when it has done what it is there for, the first time. */
const AT_WORK = /good until|^\S+: (postgresql|mysql):\/\//m;

/** The lines that a page has its readers type, in their order. */
async function typedLines(page: string): Promise<string[]> {
  return scriptsIn(await readPage(page)).flatMap((script) =>
    script.replaceAll("\\\n", "").split("\n")
  ).filter((line) => /\brdsiam\b|^mkdir/.test(line));
}

/** Runs statements as the master user. */
async function asMaster(
  { port, ca, master: { username, password } }: Emulator,
  dbname: string,
  statements: string,
): Promise<void> {
  const login =
    `host=${ENDPOINT} hostaddr=127.0.0.1 port=${port} user=${username} dbname=${dbname} sslmode=verify-full sslrootcert=${ca}`;
  const { code, stderr } = await run(["psql", login, "-c", statements], {
    env: { PGPASSWORD: password },
  });
  assert.equal(code, 0, stderr);
}

/** A home with `rdsiam` and stand-ins on the path, and the databases that the pages name. */
async function furnish(home: string, emulator: Emulator): Promise<void> {
  await asMaster(emulator, "postgres", "create database orders");
  await asMaster(
    emulator,
    "orders",
    "create role migrations; grant migrations to postgres; create role readers; create table orders (id serial, item text)",
  );
  const { username: user, password } = emulator.master;
  await Deno.writeTextFile(`${home}/.pgpass`, `*:*:*:${user}:${password}\n`);
  await Deno.chmod(`${home}/.pgpass`, 0o600);
  await Deno.writeTextFile(
    `${home}/.pg_service.conf`,
    `[billing]\nhost=${ENDPOINT}\nuser=app\ndbname=orders\n`,
  );
  await Deno.writeTextFile(
    `${home}/app.conf.tmpl`,
    "password = {{password}}\n",
  );
  await Deno.mkdir(`${home}/bin`);
  const words = RDSIAM.map((word) => `'${word}'`).join(" ");
  await writeProgram(`${home}/bin/rdsiam`, `exec ${words} "$@"`);
  for (const name of ["kubectl", "pkill", "mysqldump", "mycli"]) {
    await writeProgram(`${home}/bin/${name}`, "cat >/dev/null");
  }
  await writeProgram(`${home}/server`, "exec psql -c 'select 1'");
}

/** The configuration that the pages speak of, with the emulator's address. */
function configuration({ listen, ca }: Emulator): string {
  const orders = `host = "${ENDPOINT}"
database = "orders"
username = "app"
connect = "${listen}"
sslrootcert = "${ca}"`;
  return `default_target = "orders"
[targets.orders]
${orders}
[targets.orders.admin]
username = "postgres"
[targets.billing]
${orders}
[targets.shop]
engine = "mysql"
host = "shop.abc123.eu-west-1.rds.amazonaws.com"
username = "app"
`;
}

/** Runs a program until it is at work, and gives what it has printed. */
async function untilAtWork(
  command: readonly string[],
  { env, cwd }: { env: Record<string, string>; cwd: string },
): Promise<Result> {
  await using started = new Deno.Command("sh", {
    args: ["-c", `exec "$0" "$@" 2>&1`, ...command],
    env: environment(env),
    clearEnv: true,
    cwd,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let stderr = "";
  const output = started.stdout.pipeThrough(new TextDecoderStream());
  for await (const text of output) {
    stderr += text;
    if (AT_WORK.test(stderr)) return { code: 0, stdout: "", stderr };
  }
  const { code } = await started.status;
  return { code: code || 1, stdout: "", stderr };
}

for (const page of PAGES) {
  Deno.test(`${page} has commands that work as they are written`, async (t) => {
    if (await isMissing(t, "psql", "bash", "timeout")) return;
    const postgres = await Deno.stat(POSTGRES_15).catch(() => undefined);
    if (postgres === undefined) {
      return await skip(t, `${POSTGRES_15} is not there`);
    }
    await using emulator = await startEmulator(
      ...["--endpoint", ENDPOINT, "--postgres", POSTGRES_15],
    );
    await using aws = new AwsQueryServer([
      instance("orders", {
        database: "orders",
        endpoints: [{ role: "instance", host: ENDPOINT, port: 5432 }],
      }),
    ]);
    await using folder = await temporaryFolder();
    const home = folder.path;
    await furnish(home, emulator);
    const env = {
      ...aws.env,
      ...KEY,
      HOME: home,
      PATH: `${home}/bin:${Deno.env.get("PATH")}`,
      XDG_CONFIG_HOME: `${home}/.config`,
      PGHOSTADDR: emulator.listen,
      PGSSLROOTCERT: emulator.ca,
    };
    const lines = (await typedLines(page))
      .filter((line) => !LEFT_OUT.some(([command]) => command.test(line)));
    assert.notEqual(lines.length, 0);
    // README itself begins with neither a configuration nor a user.
    let isFresh = page === "README.md";
    if (!isFresh) lines.unshift("rdsiam setup-db orders --grant-public-crud");
    for (const line of lines) {
      if (!isFresh) {
        const config = configuration(emulator);
        await Deno.writeTextFile(`${home}/rdsiam.toml`, config);
      }
      if (/^rdsiam exec orders/.test(line)) isFresh = false;
      const command = line.replace("127.0.0.1:15432", emulator.listen)
        .replace("/usr/local/bin/", "")
        // Beside a URL, the variables above are not read.
        .replace(
          /postgres:\/\/[^\s"]*/,
          (url) =>
            `'${url}?hostaddr=${emulator.listen}&sslrootcert=${emulator.ca}'`,
        );
      const { code, stdout, stderr } =
        await (STAYS.test(line) ? untilAtWork : run)(
          ["timeout", "30", "bash", "-c", `${VARIABLES}${command}`],
          { env, cwd: home },
        );
      await leadToEmulator(`${home}/.config/rdsiam/config.toml`, emulator);
      const told = `${page}: ${line}\n${stdout}${stderr}`;
      assert.equal(code, 0, told);
      assert.doesNotMatch(stderr, /^error:/m, told);
    }
  });
}
