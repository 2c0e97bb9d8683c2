/** How much memory a proxy takes at most while much passes, or would: `deno task bench proxy-memory`. */
// deno-lint-ignore-file no-console

import { execute } from "./proxy/measures.ts";
import { startPostgres } from "./proxy/postgres.ts";
import { cpuSeconds, peakKilobytes } from "./proxy/process_facts.ts";
import {
  type Route,
  type RouteTls,
  startPgbouncer,
  startRdsiam,
} from "./proxy/routes.ts";
import { setting, writeResult } from "./report.ts";

/** What the proxy shall stay below, in megabytes. */
const GOAL_MB = 150;

/** A row as it is copied: a kilobyte. */
const ROW = `0\t${"x".repeat(997)}`;

/** What is carried, and what stands still in the middle. */
interface Work {
  name: string;
  /** What psql runs. */
  command: string;
}

/** What a proxy needed for some work. */
interface Need {
  peakMegabytes: number;
  cpuMicrosecondsPerMegabyte: number;
  seconds: number;
}

/** Both in the same work between the same pair of TLS modes. */
interface Row extends RouteTls {
  work: string;
  rdsiam: Need;
  pgbouncer: Need;
}

/**
 * Has each proxy carry 1.5 GB out of the database and into it, between all pairs of TLS modes, in one go and with a side that
 * takes nothing for five seconds after a third; each time in a process that nothing else has used. rdsiam knows no plain
 * connection to a database. `RDSIAM_BENCH_COPY_MB` and `RDSIAM_BENCH_STALL_SECONDS` make it shorter or longer,
 * `RDSIAM_BENCH_ONLY` picks by a part of the name.
 */
export async function benchProxyMemory(): Promise<void> {
  const megabytes = setting("COPY_MB", 1500);
  const stallSeconds = setting("STALL_SECONDS", 5);
  const only = Deno.env.get("RDSIAM_BENCH_ONLY") ?? "";
  await using resources = new AsyncDisposableStack();
  const postgres = await startPostgres(resources);
  const rows: Row[] = [];
  for (const tls of pairs()) {
    for (const work of works(megabytes, stallSeconds)) {
      if (!nameOf(tls, work).includes(only)) continue;
      const row: Row = {
        ...tls,
        work: work.name,
        rdsiam: await measure(
          (stack) => startRdsiam(postgres, "none", stack, tls),
          ...[work, megabytes] as const,
        ),
        pgbouncer: await measure(
          (stack) => startPgbouncer(postgres, stack, tls),
          ...[work, megabytes] as const,
        ),
      };
      rows.push(row);
      console.log(nameOf(tls, work), summary(row));
    }
  }
  console.table(
    rows.map((row) => ({
      "client to database": pairName(row),
      work: row.work,
      ...summary(row),
    })),
  );
  const most = Math.max(...rows.map(({ rdsiam }) => rdsiam.peakMegabytes));
  console.log(`At most ${most} MB; the goal is less than ${GOAL_MB}`);
  if (only !== "") return;
  const { version } = postgres;
  await writeResult("proxy_memory", {
    ...{ megabytes, stallSeconds, postgres: version, goalMegabytes: GOAL_MB },
    rows,
  });
}

function pairs(): readonly RouteTls[] {
  const modes = ["verify-full", "verify-ca", "require"] as const;
  return [false, true].flatMap((isClientTls) =>
    modes.map((sslmode) => ({ sslmode, isClientTls }))
  );
}

/** A client stalls by what it writes to, a database by what it asks of a row. */
function works(megabytes: number, stallSeconds: number): readonly Work[] {
  const rows = megabytes * 1000;
  const [before, after] = [Math.floor(rows / 3), Math.ceil(rows * 2 / 3)];
  const out = `\\copy (select 0, repeat('x', 997) from generate_series(1, ${
    before + after
  })) to `;
  const lines = (count: number) => `yes '${ROW}' | head -n ${count}`;
  const into = (marked: string) =>
    `\\copy sink from program '${
      `${lines(before)}; ${marked}${lines(after)}`.replaceAll("'", "''")
    }' where case when i = 1 then pg_sleep(${stallSeconds}) is null else false end`;
  return [
    { name: "COPY out", command: `${out} program 'cat >/dev/null'` },
    { name: "COPY in", command: into("") },
    {
      name: "COPY out, the client stalls",
      command:
        `${out} program 'head -c ${before}000 >/dev/null; sleep ${stallSeconds}; cat >/dev/null'`,
    },
    {
      name: "COPY in, the database stalls",
      command: into(`echo '${ROW.replace("0", "1")}'; `),
    },
  ];
}

async function measure(
  start: (resources: AsyncDisposableStack) => Promise<Route>,
  { command }: Work,
  megabytes: number,
): Promise<Need> {
  await using resources = new AsyncDisposableStack();
  const route = await start(resources);
  const { pid, connection } = route;
  const before = await cpuSeconds(pid) ?? NaN;
  const begin = performance.now();
  // Nothing is kept of what comes in: no row fulfils the condition.
  await execute("psql", [
    ...["-qX", "-v", "ON_ERROR_STOP=1"],
    ...["-c", "create temporary table sink (i int, t text)", "-c", command],
    connection,
  ], route);
  const seconds = (performance.now() - begin) / 1000;
  const cpu = await cpuSeconds(pid) ?? NaN;
  const peak = pid === undefined ? undefined : await peakKilobytes(pid);
  return {
    peakMegabytes: Math.round((peak ?? NaN) / 1000),
    cpuMicrosecondsPerMegabyte: Math.round((cpu - before) * 1e6 / megabytes),
    seconds: Math.round(seconds * 10) / 10,
  };
}

function summary({ rdsiam, pgbouncer }: Row) {
  return {
    "peak RSS, MB": rdsiam.peakMegabytes,
    "PgBouncer's": pgbouncer.peakMegabytes,
    "CPU µs/MB": rdsiam.cpuMicrosecondsPerMegabyte,
    "PgBouncer's CPU": pgbouncer.cpuMicrosecondsPerMegabyte,
    seconds: rdsiam.seconds,
    "PgBouncer's seconds": pgbouncer.seconds,
  };
}

function pairName({ isClientTls, sslmode }: RouteTls): string {
  return `${isClientTls ? "TLS" : "plain"} to ${sslmode}`;
}

function nameOf(tls: RouteTls, { name }: Work): string {
  return `${pairName(tls)}: ${name}`;
}
