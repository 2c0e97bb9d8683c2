/**
 * `deno task demo`: a role logs in to a real PostgreSQL with a signed token, over verified TLS; `deno task demo mariadb`
 * does the same on the MariaDB that this machine has. Nothing of AWS is needed: the emulator stands in for RDS, and knows
 * the example key of AWS's documentation.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../cli/frame/permissions.ts";
import { demoMariadb } from "./demo/mariadb.ts";
import {
  changeSignature,
  ENDPOINT,
  environment,
  isInstalled,
  KEY,
  perform,
  RDSIAM,
  show,
  showRefusal,
  startEmulator,
} from "./demo/stage.ts";

const CLIENT = fileURLToPath(new URL("./demo/client.ts", import.meta.url));

async function demoPostgres(): Promise<void> {
  const emulator = await startEmulator();
  try {
    const { listen, ca, master } = emulator;
    const target =
      `postgres://app@${ENDPOINT}/postgres?hostaddr=${listen}&sslrootcert=${ca}`;
    const env = {
      ...environment,
      ...KEY,
      RDSIAM_TARGET: target,
      PSQLRC: "/dev/null",
    };
    const admin = { ...env, PGPASSWORD: master.password };
    const psql = await isInstalled("psql");
    const client = psql
      ? ["psql"]
      : [Deno.execPath(), "run", "--no-prompt", ...PERMISSIONS, CLIENT];
    const name = psql ? "psql" : "deno run scripts/demo/client.ts";

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
    console.log("# One digit of the token's signature changed:");
    await showRefusal(
      `PGPASSWORD=… ${name} -c "select 1"`,
      [...client, "-c", "select 1"],
      { ...asMaster, PGUSER: "app", PGPASSWORD: changeSignature(token) },
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

const [what = "postgres"] = Deno.args;
if (what !== "postgres" && what !== "mariadb") {
  console.error(`error: There is no demo of "${what}": postgres or mariadb`);
  Deno.exit(2);
}
await perform(what === "mariadb" ? demoMariadb : demoPostgres);
