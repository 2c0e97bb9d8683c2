/** A real PostgreSQL over TLS, for the benchmark of the proxy. */
import { join } from "node:path";
import { createPostgresFolder } from "../../../adapters/postgres_server/folder.ts";
import { POSTGRES } from "../../../adapters/postgres_server/kind.ts";
import { initialiseCluster } from "../../../adapters/postgres_server/process.ts";
import { preparePostgres } from "../../../adapters/postgres_server/programs.ts";
import {
  findServerUser,
  giveTo,
  type ServerUser,
} from "../../../adapters/local_server/server_user.ts";
import { SupervisedProcess } from "../../../adapters/local_server/supervised_process.ts";
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";

/** What the server's certificate is for: a token needs the name of an RDS endpoint. */
export const ENDPOINT = "bench.abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** Who logs in. */
export const USERNAME = "app";

/** Connections that it takes. */
const MAX_CONNECTIONS = 1200;

const READY = "database system is ready to accept connections";

/** A running server. */
export interface Postgres {
  /** Its version, such as `15.14`. */
  version: string;
  /** Its port on 127.0.0.1, where it talks over TLS alone. */
  port: number;
  /** The file of its CA. */
  ca: string;
  /** The file of its certificate, which whoever stands between may show to clients as well. */
  certificate: string;
  /** The file of the key of that. */
  key: string;
  /** A folder that goes when the server goes, for whatever else is needed. */
  folder: string;
  /** Whom it runs as; `undefined` for our own user. */
  user: ServerUser | undefined;
}

/**
 * Starts a server that lets {@linkcode USERNAME} in over TLS without a password, so that a login is the same work
 * whichever route it comes. It does not wait for the disk.
 */
export async function startPostgres(
  resources: AsyncDisposableStack,
): Promise<Postgres> {
  const user = await findServerUser(POSTGRES);
  const { folder } = await createPostgresFolder(user);
  const directory = Deno.env.get("RDSIAM_BENCH_POSTGRES");
  const { bin, version } = await preparePostgres({ directory, folder, user });
  const data = join(folder, "data");
  const base = { bin, data, isKept: false, folder, user, signal: undefined };
  await initialiseCluster(USERNAME, base);
  const hba = join(folder, "bench_hba.conf");
  const certificate = join(folder, "server.pem");
  const key = join(folder, "server.key");
  const ca = join(folder, "ca.pem");
  const authority = await createTlsAuthority(
    [ENDPOINT, "localhost"],
    new Date(),
  );
  await write(hba, "hostssl all all 127.0.0.1/32 trust\n", user);
  await write(certificate, authority.certificate, user);
  await write(key, authority.privateKey, user);
  await write(ca, authority.ca, user);
  const port = freePort();
  const settings = {
    ...{ port, listen_addresses: "127.0.0.1", unix_socket_directories: "" },
    ...{ hba_file: hba, ssl: "on" },
    ...{ ssl_cert_file: certificate, ssl_key_file: key },
    ...{ max_connections: MAX_CONNECTIONS, shared_buffers: "512MB" },
    ...{ fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
    ...{ max_wal_size: "8GB", autovacuum: "off", lc_messages: "C" },
  };
  await superviseUntil(
    READY,
    [
      join(bin, "postgres"),
      ...["-D", data],
      ...Object.entries(settings).flatMap(([n, v]) => ["-c", `${n}=${v}`]),
    ],
    { folder, user, resources },
  );
  return { version, port, ca, certificate, key, folder, user };
}

/** Starts a program that ends with this one, and waits until it says that it is ready. */
export async function superviseUntil(
  ready: string,
  command: string[],
  { folder, user, resources }: {
    folder: string;
    user: ServerUser | undefined;
    resources: AsyncDisposableStack;
  },
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<"ready">();
  const process = new SupervisedProcess(command, {
    ...{ folder, user, signal: undefined },
    onLine: (line) => line.includes(ready) && resolve("ready"),
  });
  resources.defer(() => process.stop());
  if (await Promise.race([promise, process.exited]) !== "ready") {
    throw new Error(
      [`${command[0]} did not start:`, ...process.lastLines].join("\n  "),
    );
  }
}

/** Writes a file that only the user of the servers can read. */
export async function write(
  path: string,
  text: string,
  user: ServerUser | undefined,
): Promise<void> {
  await Deno.writeTextFile(path, text, { mode: 0o600 });
  await giveTo(user, path);
}

/** A port that nobody listens on at this moment. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
