/** Whether `rdsiam proxy` keeps what it should let go of, before MySQL and MariaDB: `deno task bench proxy-mysql-soak`. */
// deno-lint-ignore-file no-console

import { TEST_SERVERS } from "../../tests/mysql_servers.ts";
import { startMysql, startMysqlProxy } from "./proxy/mysql.ts";
import { visit } from "./proxy/mysql_client.ts";
import { openFiles, residentKilobytes } from "./proxy/process_facts.ts";
import { setting, writeResult } from "./report.ts";

/** Logins a second: Deno lets go of 320 TLS sockets a second, and what is over waits open. */
const RATE = 250;

/** Clients at once. */
const CLIENTS = 8;

/** After how many logins it is looked at. */
const STEP = 1_000;

/** Logs in and out 20,000 times, or `RDSIAM_BENCH_LOGINS`, and writes down after each 1,000 what the proxy uses. */
export async function benchProxyMysqlSoak(): Promise<void> {
  const total = setting("LOGINS", 20_000);
  const [server] = TEST_SERVERS;
  if (server === undefined) throw new Error("There is no server");
  await using resources = new AsyncDisposableStack();
  const emulator = await startMysql(server, resources);
  const { port, pid } = await startMysqlProxy(
    emulator,
    resources,
    ...["--connect-rate", `${RATE}`, "--local-auth", "none", "--quiet"],
  );
  const points = [];
  for (let logins = 0; logins <= total; logins += STEP) {
    const start = performance.now();
    if (logins > 0) {
      await Promise.all(Array.from({ length: CLIENTS }, async () => {
        for (let i = 0; i < STEP / CLIENTS; i++) await visit(port, "select 1");
      }));
    }
    const seconds = (performance.now() - start) / 1000;
    const point = {
      logins,
      kilobytes: await residentKilobytes(pid),
      files: await openFiles(pid),
      rate: logins === 0 ? 0 : Math.round(STEP / seconds),
    };
    points.push(point);
    console.log(JSON.stringify(point));
  }
  await writeResult("proxy_mysql_soak", { server: server.name, points });
}
