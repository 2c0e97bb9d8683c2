/** The routes to the database that are compared. */
import { join } from "node:path";
import { giveTo } from "../../../adapters/local_server/server_user.ts";
import { environment, KEY, RDSIAM } from "../../../tests/e2e/rdsiam.ts";
import {
  ENDPOINT,
  freePort,
  type Postgres,
  superviseUntil,
  USERNAME,
  write,
} from "./postgres.ts";

/** A route to the database. */
export interface Route {
  /** What it is called in tables and files. */
  name: string;
  /** How libpq takes it. */
  connection: string;
  /** Where a login is taken without a password and without TLS; absent for the direct route. */
  port?: number;
  /** The process in between; absent for the direct route. */
  pid?: number;
  /** What else a client needs. */
  env?: Record<string, string>;
}

/** How a route is verified and encrypted. */
export interface RouteTls {
  /** What it verifies of the database. */
  sslmode: "verify-full" | "verify-ca" | "require";
  /** Whether clients talk to it over TLS. */
  isClientTls: boolean;
}

const USUAL_TLS: RouteTls = { sslmode: "verify-full", isClientTls: false };

/** Where Debian puts it. */
const PGBOUNCER = "/usr/sbin/pgbouncer";

/** The client alone, over TLS that is verified as the others verify it. */
export function directRoute({ port, ca }: Postgres): Route {
  return {
    name: "direct",
    connection:
      `host=${ENDPOINT} hostaddr=127.0.0.1 port=${port} user=${USERNAME} dbname=postgres sslmode=verify-full sslrootcert=${ca}`,
  };
}

/**
 * Starts `rdsiam proxy`, with or without a local password.
 *
 * @param rate how many logins a second it asks the database for; 0 for no limit
 */
export async function startRdsiam(
  { port, ca, certificate, key }: Postgres,
  localAuth: "none" | "password",
  resources: AsyncDisposableStack,
  { rate = 0, ...tls }: Partial<RouteTls> & { rate?: number } = {},
): Promise<Route> {
  const { sslmode, isClientTls } = { ...USUAL_TLS, ...tls };
  const [program, ...args] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [
      ...args,
      ...["proxy", "-h", ENDPOINT, "--connect", `127.0.0.1:${port}`],
      ...[
        "-U",
        USERNAME,
        "-d",
        "postgres",
        "--sslrootcert",
        ca,
        "--json",
        "--quiet",
      ],
      ...["--connect-rate", `${rate}`, "--local-auth", localAuth],
      ...["--sslmode", sslmode],
      ...(isClientTls ? ["--tls-cert", certificate, "--tls-key", key] : []),
    ],
    env: environment(KEY),
    clearEnv: true,
    ...{ stdin: "null", stdout: "piped", stderr: "inherit" },
  }).spawn();
  resources.defer(async () => {
    child.kill();
    await child.status;
  });
  const ready = Promise.withResolvers<Route>();
  async function readEvents() {
    let text = "";
    const chunks = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const chunk of chunks) {
      const lines = (text + chunk).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        const { event, listen, password } = JSON.parse(line);
        if (event !== "listening") continue;
        const local = Number(new URL(`tcp://${listen}`).port);
        ready.resolve({
          name: `rdsiam${localAuth === "password" ? ", password" : ""}`,
          connection: localConnection(local, isClientTls),
          ...{ port: local, pid: child.pid },
          ...(password !== undefined && { env: { PGPASSWORD: password } }),
        });
      }
    }
    ready.reject(new Error("rdsiam proxy has ended"));
  }
  readEvents().catch(ready.reject);
  return await ready.promise;
}

/** Starts PgBouncer in session mode, which verifies the database's certificate as rdsiam does. */
export async function startPgbouncer(
  { port: databasePort, ca, certificate, key, folder: parent, user }: Postgres,
  resources: AsyncDisposableStack,
  { sslmode, isClientTls }: RouteTls = USUAL_TLS,
): Promise<Route> {
  try {
    await Deno.stat(PGBOUNCER);
  } catch {
    throw new Error(
      `PgBouncer is not installed: no ${PGBOUNCER}. Try: apt-get install pgbouncer`,
    );
  }
  // Its own: a supervised program takes its folder with it.
  const folder = await Deno.makeTempDir({ dir: parent });
  await giveTo(user, folder);
  const [port, pidfile] = [freePort(), join(folder, "pgbouncer.pid")];
  const [config, users] = ["pgbouncer.ini", "users.txt"].map((name) =>
    join(folder, name)
  );
  const settings = {
    ...{ listen_addr: "127.0.0.1", listen_port: port, unix_socket_dir: "" },
    ...{ auth_type: "trust", auth_file: users, pidfile, pool_mode: "session" },
    ...{ server_tls_sslmode: sslmode, server_tls_ca_file: ca },
    ...(isClientTls && {
      client_tls_sslmode: "require",
      client_tls_cert_file: certificate,
      client_tls_key_file: key,
    }),
    ...{ max_client_conn: 3000, default_pool_size: 2000 },
    // A login is a login: a connection is not handed to the next client.
    ...{ server_idle_timeout: 0, server_lifetime: 0, min_pool_size: 0 },
    ...{ log_connections: 0, log_disconnections: 0 },
    ignore_startup_parameters: "extra_float_digits",
  };
  const lines = Object.entries(settings).map(([n, v]) => `${n} = ${v}`);
  await write(`${users}`, `"${USERNAME}" ""\n`, user);
  await write(
    `${config}`,
    `[databases]\npostgres = host=localhost port=${databasePort}\n[pgbouncer]\n${
      lines.join("\n")
    }\n`,
    user,
  );
  await superviseUntil("process up", [PGBOUNCER, `${config}`], {
    ...{ folder, user, resources },
  });
  const pid = Number(await Deno.readTextFile(pidfile));
  return {
    name: "PgBouncer",
    connection: localConnection(port, isClientTls),
    port,
    pid,
  };
}

function localConnection(port: number, isTls: boolean): string {
  return `host=127.0.0.1 port=${port} user=${USERNAME} dbname=postgres sslmode=${
    isTls ? "require" : "disable"
  }`;
}
