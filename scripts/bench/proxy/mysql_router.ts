/** MySQL Router, the peer of `rdsiam proxy` before MySQL. */
import { join } from "node:path";
import type { MysqlEmulator } from "../../../tests/e2e/emulator/mysql_emulator.ts";
import { freePort } from "./postgres.ts";

/** Where `scripts/unpack_server.sh FOLDER sid mysql-router` is to have put it. */
const FOLDER = Deno.env.get("RDSIAM_BENCH_ROUTER") ??
  `/var/tmp/rdsiam-servers-${Deno.uid()}/mysql-router`;

/**
 * Starts it before a server: in clear on this side, as `rdsiam proxy` is, and over TLS, verified, on the other.
 *
 * @returns where it listens, and its process
 */
export async function startMysqlRouter(
  { port: serverPort, ca }: MysqlEmulator,
  resources: AsyncDisposableStack,
): Promise<{ port: number; pid: number }> {
  const program = join(FOLDER, "bin", "mysqlrouter");
  try {
    await Deno.stat(program);
  } catch {
    throw new Error(
      `MySQL Router is not there. Try: scripts/unpack_server.sh ${FOLDER} sid mysql-router`,
    );
  }
  const folder = await Deno.makeTempDir();
  resources.defer(() => Deno.remove(folder, { recursive: true }));
  const port = freePort();
  const settings = {
    DEFAULT: {
      ...{ logging_folder: "", runtime_folder: folder, data_folder: folder },
      plugin_folder: join(FOLDER, "usr/lib/mysqlrouter/plugin"),
      max_total_connections: 3000,
    },
    logger: { level: "WARNING" },
    "routing:bench": {
      ...{ bind_address: "127.0.0.1", bind_port: port, protocol: "classic" },
      ...{ destinations: `localhost:${serverPort}`, max_connections: 2000 },
      routing_strategy: "first-available",
      ...{ client_ssl_mode: "DISABLED", server_ssl_mode: "REQUIRED" },
      ...{ server_ssl_verify: "VERIFY_CA", server_ssl_ca: ca },
    },
  };
  const config = join(folder, "router.conf");
  await Deno.writeTextFile(
    config,
    Object.entries(settings).map(([section, values]) =>
      [
        `[${section}]`,
        ...Object.entries(values).map(([name, value]) => `${name}=${value}`),
      ].join("\n")
    ).join("\n") + "\n",
  );
  const child = new Deno.Command(program, {
    // It wants to be told when it is to stay root.
    args: ["-c", config, ...(Deno.uid() === 0 ? ["-u", "root"] : [])],
    ...{ stdin: "null", stdout: "null", stderr: "inherit" },
  }).spawn();
  resources.defer(async () => {
    child.kill();
    await child.status;
  });
  await untilListening(port);
  return { port, pid: child.pid };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error("MySQL Router does not listen");
}
