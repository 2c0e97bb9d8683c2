/** Logs in as SQLTools does with the only connection of a settings.json (`driver.pg/src/ls/driver.ts`), and prints who it is. */
import { parse } from "jsonc-parser";
import pg from "pg";

const [settings = ""] = Deno.args;
const [connection] = parse(
  Deno.readTextFileSync(settings),
)["sqltools.connections"];
const { ssl, ...options } = connection.pgOptions;
const pool = new pg.Pool({
  connectionString: connection.connectString,
  ...options,
  ssl: { ...ssl, ca: Deno.readTextFileSync(ssl.ca) },
});
const { rows } = await pool.query("select session_user");
await Deno.stdout.write(new TextEncoder().encode(`${rows[0].session_user}\n`));
await pool.end();
