import { join } from "node:path";
import postgres from "postgres";
import { startPostgresServer } from "../../adapters/postgres_server/server.ts";

const server = await startPostgresServer({ superuser: "rdsadmin" });
const path = join(server.socketFolder, `.s.PGSQL.${server.port}`);
const sql = postgres({ path, user: "rdsadmin", database: "postgres" });

Deno.addSignalListener("SIGINT", async () => {
  const [row] = await sql`select 'still here' as answer`;
  await print(row?.answer);
});
await print((await Deno.readTextFile(`${path}.lock`)).split("\n")[0]);

async function print(line: string | undefined) {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
