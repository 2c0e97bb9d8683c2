/** What is measured of each route to the database. */
import { join } from "node:path";
import { cpuSeconds } from "./process_facts.ts";
import type { Postgres } from "./postgres.ts";
import type { Route } from "./routes.ts";

/** How long and how much. */
export interface Effort {
  /** Of each run of pgbench. */
  seconds: number;
  /** Of each COPY. */
  copyMegabytes: number;
}

/** One measured run. */
export interface Sample {
  /** What is better the higher it is. */
  value: number;
  /** Processor time of the process in between, microseconds for each unit of work; absent for the direct route. */
  cpuMicroseconds?: number;
}

/** Something that is measured. */
export interface Measure {
  name: string;
  /** The unit of its value, and the unit of work. */
  unit: string;
  per: string;
  run(route: Route): Promise<Sample>;
}

/** Fills the database, and gives what is measured in it. */
export async function prepareMeasures(
  postgres: Postgres,
  direct: Route,
  { seconds, copyMegabytes }: Effort,
): Promise<Measure[]> {
  await execute("pgbench", ["-i", "-s", "10", "-q", direct.connection], direct);
  await sql(
    direct,
    // A row is a kilobyte when it is copied.
    `create unlogged table big as select i, repeat('x', 1000) as t from generate_series(1, ${
      copyMegabytes * 1000
    }) as i`,
    "create unlogged table sink (i int, t text)",
    "checkpoint",
  );
  const file = join(postgres.folder, "copy.txt");
  await execute("psql", [
    ...["-qX", "-c", `\\copy big to ${file}`, direct.connection],
  ], direct);
  const time = ["-T", `${seconds}`];
  const pgbench = (clients: number, ...options: string[]): Measure["run"] => {
    const jobs = `${Math.min(clients, 2)}`;
    return (route) =>
      runPgbench(route, ["-c", `${clients}`, "-j", jobs, ...time, ...options]);
  };
  const rate = { unit: "/s", per: "transaction" };
  const copy = { unit: "MB/s", per: "MB" };
  return [
    ...[1, 8, 32, 128].map((clients) => ({
      ...rate,
      name: `select-only, ${clients} ${clients === 1 ? "client" : "clients"}`,
      run: pgbench(clients, "-S"),
    })),
    { ...rate, name: "TPC-B-like, 8 clients", run: pgbench(8) },
    {
      ...{ name: "logins, 1 client", unit: "/s", per: "login" },
      run: pgbench(1, "-S", "-C"),
    },
    {
      ...{ name: "logins, 8 clients", unit: "/s", per: "login" },
      run: pgbench(8, "-S", "-C"),
    },
    {
      ...{ name: "COPY out", ...copy },
      run: (route) =>
        timed(route, copyMegabytes, () =>
          execute("psql", [
            ...["-qX", "-c", "\\copy big to /dev/null", route.connection],
          ], route)),
    },
    {
      ...{ name: "COPY in", ...copy },
      async run(route) {
        await sql(direct, "truncate sink");
        return await timed(route, copyMegabytes, () =>
          execute("psql", [
            ...["-qX", "-c", `\\copy sink from ${file}`, route.connection],
          ], route));
      },
    },
  ];
}

async function runPgbench(route: Route, options: string[]): Promise<Sample> {
  const before = await cpuSeconds(route.pid);
  const output = await execute("pgbench", [
    ...["-n", ...options, route.connection],
  ], route);
  const after = await cpuSeconds(route.pid);
  const [, rate] = /^tps = ([\d.]+)/m.exec(output) ?? [];
  const [, done] = /actually processed: (\d+)/.exec(output) ?? [];
  if (rate === undefined || done === undefined) {
    throw new Error(
      `pgbench gave no rate; RDSIAM_BENCH_SECONDS may be too few: ${output}`,
    );
  }
  return sample(Number(rate), before, after, Number(done));
}

async function timed(
  route: Route,
  megabytes: number,
  work: () => Promise<unknown>,
): Promise<Sample> {
  const before = await cpuSeconds(route.pid);
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const after = await cpuSeconds(route.pid);
  return sample(megabytes / seconds, before, after, megabytes);
}

function sample(
  value: number,
  before: number | undefined,
  after: number | undefined,
  units: number,
): Sample {
  if (before === undefined || after === undefined) return { value };
  return { value, cpuMicroseconds: (after - before) * 1e6 / units };
}

async function sql(route: Route, ...statements: string[]): Promise<void> {
  await execute("psql", [
    ...["-qX", "-v", "ON_ERROR_STOP=1"],
    ...statements.flatMap((statement) => ["-c", statement]),
    route.connection,
  ], route);
}

/**
 * Runs a client of a route to its end.
 *
 * @throws {Error} when it fails
 */
export async function execute(
  program: string,
  args: string[],
  { env = {} }: Route,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { LC_ALL: "C", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(`${program} failed: ${decoder.decode(stderr)}`);
  }
  return decoder.decode(stdout);
}
