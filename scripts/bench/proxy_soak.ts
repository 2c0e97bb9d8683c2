/** Whether `rdsiam proxy` keeps what it should let go of: `deno task bench proxy-soak`. */
// deno-lint-ignore-file no-console

import { startPostgres } from "./proxy/postgres.ts";
import { openFiles, residentKilobytes } from "./proxy/process_facts.ts";
import { logIn, logOut, query } from "./proxy/raw_client.ts";
import { startRdsiam } from "./proxy/routes.ts";
import { writeResult } from "./report.ts";

/** Logins a second, above the 200 that RDS takes. Deno lets go of 320 TLS sockets a second: what is over waits open. */
const RATE = 300;

/** Clients at once. */
const CLIENTS = 8;

/** What the proxy uses after so many logins, with all of them gone. */
interface Point {
  logins: number;
  kilobytes: number;
  files: number | undefined;
  /** Logins a second since the last point. */
  rate: number;
}

/**
 * Logs in and out 100,000 times, or `RDSIAM_BENCH_LOGINS`, with a short query each time, and writes down twenty times
 * what the proxy uses.
 */
export async function benchProxySoak(): Promise<void> {
  const total = Number(Deno.env.get("RDSIAM_BENCH_LOGINS") ?? 100_000);
  await using resources = new AsyncDisposableStack();
  const postgres = await startPostgres(resources);
  const { port = 0, pid = 0 } = await startRdsiam(
    postgres,
    "none",
    resources,
    { rate: RATE },
  );
  const points: Point[] = [];
  async function note(logins: number, seconds: number) {
    const point = {
      logins,
      kilobytes: await residentKilobytes(pid),
      files: await openFiles(pid),
      rate: Math.round((logins - (points.at(-1)?.logins ?? 0)) / seconds),
    };
    points.push(point);
    console.log(JSON.stringify(point));
  }
  await note(0, 1);
  const step = Math.ceil(total / 20);
  for (let done = 0; done < total; done += step) {
    const start = performance.now();
    await Promise.all(
      Array.from({ length: CLIENTS }, (_, nth) => visit(port, nth, step)),
    );
    await note(done + step, (performance.now() - start) / 1000);
  }
  await writeResult("proxy_soak", { points });
}

/** One client's share of so many visits. */
async function visit(port: number, nth: number, visits: number): Promise<void> {
  for (let i = nth; i < visits; i += CLIENTS) {
    const connection = await logIn(port);
    await query(connection, "select 1");
    await logOut(connection);
  }
}
