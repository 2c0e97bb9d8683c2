/** What an idle connection costs in memory. */
import { residentKilobytes } from "./process_facts.ts";
import { logIn, logOut, query } from "./raw_client.ts";
import type { Route } from "./routes.ts";

/** How long memory is let settle, in milliseconds. */
const SETTLE_MS = 2000;

/** Resident memory of a process in between. */
export interface Memory {
  name: string;
  /** Kilobytes with so many idle connections. */
  kilobytes: Record<number, number>;
  /** Of one, from none to the most. */
  kilobytesEach: number;
  /** Of one, after each has carried a result of 300 kB and then a short one. */
  kilobytesEachAfterTraffic: number;
}

/** Measures a process that has just been started. */
export async function measureMemory(
  { name, port, pid }: Required<Pick<Route, "name" | "port" | "pid">>,
  counts: readonly number[],
): Promise<Memory> {
  const connections: Deno.Conn[] = [];
  const kilobytes: Record<number, number> = {};
  async function measure() {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return await residentKilobytes(pid);
  }
  for (const count of counts) {
    while (connections.length < count) connections.push(await logIn(port));
    kilobytes[count] = await measure();
  }
  const none = kilobytes[0] ?? NaN;
  const all = connections.length;
  const each = (total: number) => (total - none) / all;
  const kilobytesEach = each(kilobytes[all] ?? NaN);
  for (const statement of ["select repeat('x', 300000)", "select 1"]) {
    for (const connection of connections) await query(connection, statement);
  }
  const kilobytesEachAfterTraffic = each(await measure());
  for (const connection of connections) await logOut(connection);
  return { name, kilobytes, kilobytesEach, kilobytesEachAfterTraffic };
}
