/** `rdsiam proxy` before MySQL, side by side with no proxy at all and with MySQL Router: `deno task bench proxy-mysql`. */
// deno-lint-ignore-file no-console

import { TEST_SERVERS } from "../../tests/mysql_servers.ts";
import { PEER, startMysql, startMysqlProxy, USERNAME } from "./proxy/mysql.ts";
import { startMysqlRouter } from "./proxy/mysql_router.ts";
import { cpuSeconds } from "./proxy/process_facts.ts";
import { median, setting, writeResult } from "./report.ts";

/** A way to the database, as `mysqlslap` takes it. */
interface Route {
  name: string;
  options: readonly string[];
  password: () => Promise<string>;
  /** The process in between; absent for the direct ways. */
  pid?: number;
}

/** One measured run: operations a second, and processor time of the process in between for each, in microseconds. */
interface Sample {
  rate: number;
  cpuMicroseconds: number | undefined;
}

/** What Router is held against: its account has a password, which the server checks in less time than a token. */
const DIRECT_BY_PASSWORD = "direct, password";
const DIRECT = "direct";
const ROUTER = "MySQL Router";

/**
 * Measures all routes in alternating runs, so that whatever else the machine does falls on all alike.
 *
 * `RDSIAM_BENCH_ROUNDS`, `RDSIAM_BENCH_QUERIES` and `RDSIAM_BENCH_LOGINS` make it shorter or longer: rounds, and what one
 * client does in each; `RDSIAM_BENCH_ONLY` picks measures by a part of their name.
 */
export async function benchProxyMysql(): Promise<void> {
  const rounds = setting("ROUNDS", 7);
  const queries = setting("QUERIES", 20_000);
  const logins = setting("LOGINS", 500);
  const only = Deno.env.get("RDSIAM_BENCH_ONLY") ?? "";
  const server = TEST_SERVERS.find(({ engine }) => engine === "mysql");
  if (server?.folder === undefined) throw new Error("There is no MySQL");
  await using resources = new AsyncDisposableStack();
  const emulator = await startMysql(server, resources);
  const { port, ca } = emulator;
  const proxy = await startMysqlProxy(emulator, resources, "--quiet", ...[
    ...["--local-password-file", await passwordFile(resources)],
  ]);
  const router = await startMysqlRouter(emulator, resources);
  const password = () => Promise.resolve(PEER.password);
  // The server keeps a proof of who has logged in once, by which it takes passwords in clear, too.
  await (await emulator.connect(PEER)).end();
  const verified = ["--ssl-mode=VERIFY_CA", `--ssl-ca=${ca}`];
  const routes: readonly Route[] = [
    {
      name: DIRECT,
      options: [
        ...[`--port=${port}`, `--user=${USERNAME}`],
        ...["--enable-cleartext-plugin", ...verified],
      ],
      password: () => emulator.token(USERNAME),
    },
    {
      name: "rdsiam",
      options: [`--port=${proxy.port}`, `--user=${USERNAME}`],
      password: () => Promise.resolve(LOCAL_PASSWORD),
      pid: proxy.pid,
    },
    {
      name: DIRECT_BY_PASSWORD,
      options: [`--port=${port}`, `--user=${PEER.username}`, ...verified],
      password,
    },
    {
      name: ROUTER,
      options: [`--port=${router.port}`, `--user=${PEER.username}`],
      ...{ password, pid: router.pid },
    },
  ];
  const slap = `${server.folder}/bin/mysqlslap`;
  const rows = [];
  for (
    const [what, each, options] of [
      ["select 1", queries, []],
      ["logins", logins, ["--detach=1"]],
    ] as const
  ) {
    for (const clients of [1, 8]) {
      const measure = `${what}, ${clients} ${
        clients === 1 ? "client" : "clients"
      }`;
      if (!measure.includes(only)) continue;
      const samples = new Map<string, Sample[]>();
      for (let round = 0; round < rounds; round++) {
        for (const route of routes) {
          const total = each * Math.min(clients, 4);
          const sample = await run(slap, route, total, [
            ...[...options, `--concurrency=${clients}`],
          ]);
          samples.set(route.name, [...samples.get(route.name) ?? [], sample]);
        }
      }
      const table = routes.map(({ name }) => summarize(name, samples));
      console.log(`${measure}, /s`);
      console.table(table);
      rows.push({ measure, routes: table });
    }
  }
  if (only !== "") return;
  await writeResult("proxy_mysql", {
    server: server.name,
    ...{ rounds, queries, logins, rows },
  });
}

const LOCAL_PASSWORD = "the-password-of-a-benchmark";

async function passwordFile(resources: AsyncDisposableStack): Promise<string> {
  const path = await Deno.makeTempFile();
  resources.defer(() => Deno.remove(path));
  await Deno.writeTextFile(path, `${LOCAL_PASSWORD}\n`);
  await Deno.chmod(path, 0o600);
  return path;
}

async function run(
  program: string,
  { options, password, pid }: Route,
  total: number,
  more: readonly string[],
): Promise<Sample> {
  const env = { LC_ALL: "C", MYSQL_PWD: await password() };
  const before = await cpuSeconds(pid);
  const { stdout, stderr } = await new Deno.Command(program, {
    args: [
      ...["--no-defaults", "--host=127.0.0.1", ...options],
      ...["--create-schema=shop", "--no-drop", "--query=select 1"],
      ...[`--number-of-queries=${total}`, ...more],
    ],
    env,
  }).output();
  const after = await cpuSeconds(pid);
  const decoder = new TextDecoder();
  const [, seconds] = /Average number of seconds to run all queries: ([\d.]+)/
    .exec(decoder.decode(stdout)) ?? [];
  if (seconds === undefined) {
    throw new Error(`mysqlslap failed: ${decoder.decode(stderr)}`);
  }
  return {
    rate: total / Number(seconds),
    cpuMicroseconds: before === undefined || after === undefined
      ? undefined
      : (after - before) * 1e6 / total,
  };
}

/** What a route achieved, and the middles of the rounds' ratios. */
function summarize(
  name: string,
  samples: ReadonlyMap<string, readonly Sample[]>,
) {
  const of = (route: string) => samples.get(route) ?? [];
  const ratio = (to: string) =>
    median(of(name).map(({ rate }, i) => rate / (of(to)[i]?.rate ?? NaN)))
      .toFixed(3);
  const rates = of(name).map(({ rate }) => rate);
  const cpu = of(name).flatMap(({ cpuMicroseconds }) => cpuMicroseconds ?? []);
  return {
    route: name,
    median: Math.round(median(rates)),
    "min to max": `${Math.round(Math.min(...rates))} to ${
      Math.round(Math.max(...rates))
    }`,
    "× direct": ratio(DIRECT),
    "× direct, password": ratio(DIRECT_BY_PASSWORD),
    "× Router": ratio(ROUTER),
    "CPU µs": cpu.length === 0 ? "" : median(cpu).toFixed(1),
  };
}
