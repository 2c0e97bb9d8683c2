/** How much of the peers' throughput a COPY through rdsiam's tunnels reaches: `ssh -L`, and socat. */
// deno-lint-ignore-file no-console

import { environment, KEY, RDSIAM } from "../../tests/e2e/rdsiam.ts";
import {
  freePort,
  startBastion,
  until,
} from "../../tests/e2e/tunnel/bastion.ts";
import {
  ENDPOINT,
  type Postgres,
  startPostgres,
  USERNAME,
} from "./proxy/postgres.ts";
import { median, writeResult } from "./report.ts";

/** How much a round carries, and how often. */
const MEGABYTES = 500;
const ROUNDS = Number(Deno.env.get("RDSIAM_BENCH_ROUNDS") ?? 5);

/** Prints how long the COPY took, in milliseconds, connecting included. */
const COPY = [
  "sh",
  "-c",
  `begin=$(date +%s%N); psql -XAtc "COPY (SELECT repeat('x', 1023) FROM generate_series(1, ${
    MEGABYTES * 1024
  })) TO STDOUT" >/dev/null || exit; end=$(date +%s%N); echo $(((end - begin) / 1000000))`,
] as const;

/** A route to the database: how a COPY is started there. */
interface Route {
  name: string;
  command: readonly string[];
  env: Record<string, string>;
}

/** Measures, prints a table and writes `bench/tunnel.json`. */
export async function benchTunnel(): Promise<void> {
  await using resources = new AsyncDisposableStack();
  const postgres = await startPostgres(resources);
  const bastion = resources.use(await startBastion());
  const ssh = `${bastion.folder}/bin/ssh`;
  const far = `127.0.0.1:${postgres.port}`;
  const [forward, dynamic, socks, plain] = Array.from({ length: 4 }, freePort);
  await start([ssh, "-N", "-L", `${forward}:${far}`, "bastion"], resources);
  await start([ssh, "-N", "-D", `${dynamic}`, "bastion"], resources);
  const listen = (port = 0) =>
    `TCP-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`;
  await start([
    ...["socat", "-b", "65536", listen(socks)],
    `SOCKS4A:127.0.0.1:${far},socksport=${dynamic}`,
  ], resources);
  await start(
    ["socat", "-b", "65536", listen(plain), `TCP:${far}`],
    resources,
  );
  for (const port of [forward, dynamic, socks, plain]) await listening(port);
  const through = (name: string, tunnel: string): Route => ({
    name,
    command: [
      ...RDSIAM,
      ...["exec", "-h", ENDPOINT, "-p", "5432", "--connect", far],
      ...["-U", USERNAME, "-d", "postgres", "--sslrootcert", postgres.ca],
      ...["--tunnel", tunnel, "--", ...COPY],
    ],
    env: { ...KEY, PATH: bastion.path },
  });
  const pairs: [ours: Route, peer: Route][] = [
    [
      through("rdsiam, ssh:", "ssh:bastion"),
      peer("ssh -L", forward, postgres),
    ],
    [
      through("rdsiam, socks5://", `socks5://127.0.0.1:${dynamic}`),
      peer("socat to SOCKS", socks, postgres),
    ],
    [
      through("rdsiam, socat as command", "socat -b 65536 - TCP:%h:%p"),
      peer("socat", plain, postgres),
    ],
  ];
  const results = [];
  for (const [ours, theirs] of pairs) {
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, route] of [ours, theirs].entries()) {
        times[index]?.push(await copy(route));
      }
    }
    const [own, other] = times.map(median);
    const perSecond = (ms = NaN) => Math.round(MEGABYTES / ms * 10_000) / 10;
    results.push({
      route: ours.name,
      megabytesPerSecond: perSecond(own),
      peer: theirs.name,
      peerMegabytesPerSecond: perSecond(other),
      ofPeer: Math.round((other ?? NaN) / (own ?? NaN) * 100) / 100,
    });
  }
  console.table(results);
  await writeResult("tunnel", {
    postgres: postgres.version,
    megabytes: MEGABYTES,
    rounds: ROUNDS,
    results,
  });
}

function peer(name: string, port = 0, { ca }: Postgres): Route {
  return {
    name,
    command: COPY,
    env: {
      ...{ PGHOST: ENDPOINT, PGHOSTADDR: "127.0.0.1", PGPORT: `${port}` },
      ...{ PGUSER: USERNAME, PGDATABASE: "postgres" },
      ...{ PGSSLMODE: "verify-full", PGSSLROOTCERT: ca },
    },
  };
}

async function start(
  [program = "", ...args]: string[],
  resources: AsyncDisposableStack,
): Promise<void> {
  const child = new Deno.Command(program, { args, stdin: "null" }).spawn();
  resources.defer(async () => {
    child.kill();
    await child.status;
  });
  await Promise.resolve();
}

async function listening(port = 0): Promise<void> {
  await until(async () => {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch {
      return false;
    }
  });
}

/** How long a COPY takes, in milliseconds. */
async function copy({ name, command, env }: Route): Promise<number> {
  const [program = "", ...args] = command;
  const { success, stdout } = await new Deno.Command(program, {
    args,
    env: environment(env),
    clearEnv: true,
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`The COPY failed: ${name}`);
  return Number(new TextDecoder().decode(stdout));
}

if (import.meta.main) await benchTunnel();
