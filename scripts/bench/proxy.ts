/** `rdsiam proxy` side by side with no proxy at all and with PgBouncer: `deno task bench proxy`. */
// deno-lint-ignore-file no-console

import { renderBarPlot } from "./bar_plot.ts";
import { median, setting, writePlot, writeResult } from "./report.ts";
import {
  type Measure,
  prepareMeasures,
  type Sample,
} from "./proxy/measures.ts";
import { measureMemory, type Memory } from "./proxy/memory.ts";
import { type Postgres, startPostgres } from "./proxy/postgres.ts";
import {
  directRoute,
  type Route,
  startPgbouncer,
  startRdsiam,
} from "./proxy/routes.ts";

const DIRECT = "direct";
const PEER = "PgBouncer";

/** What a route achieved in one measure, over all rounds. */
interface Row {
  measure: string;
  unit: string;
  route: string;
  median: number;
  min: number;
  max: number;
  /** The middle of the rounds' ratios. */
  ofDirect: number;
  ofPgbouncer: number;
  cpuMicroseconds: number | undefined;
  per: string;
}

/**
 * Measures all routes in alternating runs, so that whatever else the machine does falls on all alike.
 *
 * `RDSIAM_BENCH_SECONDS`, `RDSIAM_BENCH_ROUNDS`, `RDSIAM_BENCH_COPY_MB` and `RDSIAM_BENCH_IDLE` make it shorter or
 * longer, `RDSIAM_BENCH_ONLY` picks measures by a part of their name, and `RDSIAM_BENCH_POSTGRES` names the server's
 * programs.
 */
export async function benchProxy(): Promise<void> {
  const effort = {
    seconds: setting("SECONDS", 5),
    rounds: setting("ROUNDS", 7),
    copyMegabytes: setting("COPY_MB", 500),
    idle: setting("IDLE", 1000),
  };
  const only = Deno.env.get("RDSIAM_BENCH_ONLY") ?? "";
  await using resources = new AsyncDisposableStack();
  const postgres = await startPostgres(resources);
  const direct = directRoute(postgres);
  const all = await prepareMeasures(postgres, direct, effort);
  const measures = all.filter(({ name }) => name.includes(only));
  const memory = "memory".includes(only)
    ? await measureAllMemory(postgres, effort.idle)
    : [];
  const routes = [
    direct,
    await startRdsiam(postgres, "none", resources),
    await startPgbouncer(postgres, resources),
  ];
  const withPassword = await startRdsiam(postgres, "password", resources);
  const rows: Row[] = [];
  for (const measure of measures) {
    const taking = measure.per === "login" ? [...routes, withPassword] : routes;
    rows.push(...await compare(measure, taking, effort.rounds));
  }
  console.table(memory.map(({ name, kilobytes, ...each }) => ({
    name,
    ...Object.fromEntries(
      Object.entries(kilobytes).map(([n, kB]) => [`${n} idle, kB`, kB]),
    ),
    "kB each": each.kilobytesEach.toFixed(1),
    "after traffic": each.kilobytesEachAfterTraffic.toFixed(1),
  })));
  if (only !== "") return;
  await writeResult("proxy", {
    ...{ effort, postgres: postgres.version, rows, memory },
  });
  await writePlot("proxy", plot(rows, effort.rounds));
}

async function compare(
  measure: Measure,
  routes: readonly Route[],
  rounds: number,
): Promise<Row[]> {
  const samples = new Map<string, Sample[]>(
    routes.map(({ name }) => [name, []]),
  );
  for (let round = 0; round < rounds; round++) {
    for (const route of routes) {
      samples.get(route.name)?.push(await measure.run(route));
    }
  }
  const valuesOf = (name: string) =>
    (samples.get(name) ?? []).map(({ value }) => value);
  const ratio = (name: string, to: string) => {
    const others = valuesOf(to);
    return median(valuesOf(name).map((value, i) => value / (others[i] ?? NaN)));
  };
  const rows = routes.map(({ name }): Row => {
    const values = valuesOf(name);
    const cpu = (samples.get(name) ?? []).map((one) => one.cpuMicroseconds)
      .filter((value) => value !== undefined);
    return {
      ...{ measure: measure.name, unit: measure.unit, route: name },
      median: median(values),
      min: Math.min(...values),
      max: Math.max(...values),
      ofDirect: ratio(name, DIRECT),
      ofPgbouncer: ratio(name, PEER),
      cpuMicroseconds: cpu.length === 0 ? undefined : median(cpu),
      per: measure.per,
    };
  });
  console.log(`${measure.name}, ${measure.unit}`);
  console.table(rows.map((row) => ({
    route: row.route,
    median: row.median.toFixed(0),
    "min to max": `${row.min.toFixed(0)} to ${row.max.toFixed(0)}`,
    "× direct": row.ofDirect.toFixed(3),
    "× PgBouncer": row.ofPgbouncer.toFixed(3),
    [`CPU µs/${row.per}`]: row.cpuMicroseconds?.toFixed(1) ?? "",
  })));
  return rows;
}

/** Each in a process of its own, which nothing else has used. */
async function measureAllMemory(
  postgres: Postgres,
  idle: number,
): Promise<Memory[]> {
  const memory: Memory[] = [];
  const starts = [
    (stack: AsyncDisposableStack) => startRdsiam(postgres, "none", stack),
    (stack: AsyncDisposableStack) => startPgbouncer(postgres, stack),
  ];
  for (const start of starts) {
    await using stack = new AsyncDisposableStack();
    const { name, port = 0, pid = 0 } = await start(stack);
    const counts = [0, Math.ceil(idle / 10), idle];
    memory.push(await measureMemory({ name, port, pid }, counts));
  }
  return memory;
}

function plot(rows: readonly Row[], rounds: number): string {
  const names = [...new Set(rows.map(({ measure }) => measure))];
  return renderBarPlot({
    title: "rdsiam proxy and PgBouncer, as a share of a direct connection",
    caption:
      `Median of ${rounds} alternating rounds on ${navigator.hardwareConcurrency} cores; the line is the direct connection`,
    series: [
      { name: "rdsiam proxy", colour: "#2f7ed8" },
      { name: PEER, colour: "#b0b7c3" },
    ],
    groups: names.map((label) => ({
      label,
      values: ["rdsiam", PEER].map((route) =>
        rows.find((row) => row.measure === label && row.route === route)
          ?.ofDirect
      ),
    })),
    line: 1,
    format: (value) => value.toFixed(2),
  });
}
