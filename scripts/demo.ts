/**
 * `deno task demo`: a role logs in to a real PostgreSQL with a signed token, over verified TLS. Nothing of AWS is needed:
 * the emulator stands in for RDS, and knows the example key of AWS's documentation.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../cli/frame/permissions.ts";

const ENDPOINT = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
const MAIN = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
const CLIENT = fileURLToPath(new URL("./demo_client.ts", import.meta.url));
const RDSIAM = [Deno.execPath(), "run", "--no-prompt", ...PERMISSIONS, MAIN];

/** Nothing of this machine's own AWS or PostgreSQL settings. */
const environment = Object.fromEntries(
  Object.entries(Deno.env.toObject()).filter(([name]) =>
    !/^(AWS_|PG|RDSIAM_)/.test(name)
  ),
);
const running = new Set<Deno.ChildProcess>();
let isStopping = false;

interface Result {
  success: boolean;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
async function run(
  [program = "", ...args]: readonly string[],
  env: Record<string, string>,
): Promise<Result> {
  if (isStopping) throw new Error("Interrupted");
  const child = new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  running.add(child);
  const { success, stdout, stderr } = await child.output();
  running.delete(child);
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Prints a command and what it answered; the demo ends when it fails. */
async function show(
  shown: string,
  command: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  console.log(`$ ${shown}`);
  const { success, stdout, stderr } = await run(command, env);
  if (!success) throw new Error(`${shown}: ${stderr || stdout}`);
  console.log(`${shorten(stdout.trimEnd())}\n`);
  return stdout;
}

/** Tokens are long: the middle of a line that holds one is left out. */
function shorten(text: string): string {
  return text.split("\n").map((line) =>
    line.length > 200 ? `${line.slice(0, 100)}…${line.slice(-40)}` : line
  ).join("\n");
}

async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await run([program, "--version"], environment)).success;
  } catch {
    return false;
  }
}

/** Starts the emulator and reads where it listens. */
async function startEmulator() {
  console.log(`$ rdsiam emulator --endpoint ${ENDPOINT}`);
  const [program = "", ...args] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [...args, "emulator", "--json", "--endpoint", ENDPOINT],
    env: environment,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  const logging = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write: (text) => void (log += text) }),
  );
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  if (value === undefined) {
    await logging;
    throw new Error(`The emulator did not start: ${log}`);
  }
  const { listen, ca, master } = JSON.parse(value);
  console.log(`listening on ${listen}\n`);
  async function stop() {
    child.kill("SIGTERM");
    await Promise.all([child.status, logging, reader.cancel()]);
  }
  return { listen, ca, master, log: () => log, stop };
}

async function demo(): Promise<void> {
  const emulator = await startEmulator();
  try {
    const { listen, ca, master } = emulator;
    const target =
      `postgres://app@${ENDPOINT}/postgres?hostaddr=${listen}&sslrootcert=${ca}`;
    const env = {
      ...environment,
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      RDSIAM_TARGET: target,
      PSQLRC: "/dev/null",
    };
    const admin = { ...env, PGPASSWORD: master.password };
    const psql = await isInstalled("psql");
    const client = psql
      ? ["psql"]
      : [Deno.execPath(), "run", "--no-prompt", ...PERMISSIONS, CLIENT];
    const name = psql ? "psql" : "deno run scripts/demo_client.ts";

    console.log("# The master makes a table …");
    const asMaster = passwordLogin(master, ca, listen);
    await show(
      `${name} -c "create table orders (id serial, item text)"`,
      [...client, "-c", "create table orders (id serial, item text)"],
      asMaster,
    );
    console.log("# … and gives an IAM user what it needs.");
    await show(
      `rdsiam setup-db --admin-username ${master.username} --grant-public-crud`,
      [
        ...RDSIAM,
        "setup-db",
        "--admin-username",
        master.username,
        "--grant-public-crud",
      ],
      admin,
    );
    console.log("# The user has no password; this is what it logs in with:");
    const token = await show("rdsiam token", [...RDSIAM, "token"], env);
    console.log("# Any client, logged in and kept able to log in:");
    const sql =
      "insert into orders (item) values ('tea'); select session_user, * from orders";
    const via = psql ? [] : ["--via", "password"];
    await show(
      ["rdsiam exec", ...via, "--", name, `-c "${sql}"`].join(" "),
      [...RDSIAM, "exec", ...via, "--", ...client, "-c", sql],
      env,
    );
    await showRefusal(
      name,
      client,
      { ...asMaster, PGUSER: "app" },
      token,
      emulator,
    );
  } finally {
    await emulator.stop();
  }
}

/** The libpq variables of a login by password. */
function passwordLogin(
  { username, password }: { username: string; password: string },
  ca: string,
  listen: string,
): Record<string, string> {
  const [address = "", port = ""] = listen.split(":");
  return {
    ...environment,
    PGHOST: ENDPOINT,
    PGHOSTADDR: address,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: "postgres",
    PGSSLMODE: "verify-full",
    PGSSLROOTCERT: ca,
  };
}

/** Changes one digit of a token's signature and shows that it is refused. */
async function showRefusal(
  name: string,
  client: readonly string[],
  env: Record<string, string>,
  token: string,
  emulator: { log: () => string },
) {
  console.log("# One digit of the token's signature changed:");
  const changed = token.trim().replace(
    /(?<=X-Amz-Signature=)./,
    (digit) => digit === "0" ? "1" : "0",
  );
  console.log(`$ PGPASSWORD=… ${name} -c "select 1"`);
  const { success, stderr } = await run([...client, "-c", "select 1"], {
    ...env,
    PGPASSWORD: changed,
  });
  if (success) throw new Error("A token that was changed was let in");
  console.log(stderr.trimEnd());
  const reason = emulator.log().trimEnd().split("\n").at(-1) ?? "";
  console.log(`# The emulator's own log: ${reason.replace(/^\S+ \S+ /, "")}\n`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    isStopping = true;
    for (const child of running) {
      try {
        child.kill("SIGTERM");
      } catch {
        // It has ended already.
      }
    }
  });
}
try {
  await demo();
  console.log("Done; everything is cleaned up.");
  Deno.exit(0);
} catch (error) {
  if (isStopping) {
    console.error("Interrupted; everything is cleaned up.");
    Deno.exit(130);
  }
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
