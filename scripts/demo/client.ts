/**
 * The client of the demo where psql is not installed: `-c SQL` in the login that libpq's environment variables hold.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import postgres from "postgres";

const env = Deno.env.toObject();
const sql = postgres({
  host: env.PGHOSTADDR ?? env.PGHOST ?? "",
  port: Number(env.PGPORT),
  username: env.PGUSER ?? "",
  password: env.PGPASSWORD ?? "",
  database: env.PGDATABASE ?? "",
  max: 1,
  ssl: {
    ca: await Deno.readTextFile(env.PGSSLROOTCERT ?? ""),
    servername: env.PGHOST,
  },
  onnotice: () => {},
});
try {
  const results = await sql.unsafe(Deno.args[1] ?? "").simple();
  for (const rows of [results].flat(1)) {
    if (Array.isArray(rows) && rows.length > 0) console.table(rows);
    else if (!Array.isArray(rows)) console.table([rows]);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exitCode = 1;
} finally {
  await sql.end();
}
