/** A proxy on real sockets, between clients and a database that say no more than a login takes. */
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import { createMysqlDialer } from "../../../adapters/mysql/dialer.ts";
import { connStream } from "../../../adapters/net/conn_stream.ts";
import { listenTcp } from "../../../adapters/net/listen.ts";
import { createTlsServer } from "../../../adapters/net/tls_stream.ts";
import { createDialer } from "../../../adapters/postgres/dialer.ts";
import { encodeAuthSwitch } from "../../../core/mysqlwire/authentication.ts";
import { CAPABILITIES } from "../../../core/mysqlwire/capabilities.ts";
import {
  decodeGreeting,
  encodeGreeting,
  type Greeting,
} from "../../../core/mysqlwire/greeting.ts";
import {
  emptyResponse,
  encodeHandshakeResponse,
  encodeSslRequest,
} from "../../../core/mysqlwire/handshake_response.ts";
import { authenticationCleartextPassword } from "../../../core/pgwire/authentication.ts";
import { PacketBuffer } from "../../../core/pgwire/packet_buffer.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { ByteStream } from "../../../core/ports/streams.ts";
import { Secret } from "../../../core/secret.ts";
import type { Target } from "../../../core/target/target.ts";
import {
  Connection,
  readMessage,
} from "../../../services/connection/connection.ts";
import { negotiate } from "../../../services/connection/negotiate.ts";
import { PacketStream } from "../../../services/proxy/mysql/packet_stream.ts";
import { Semaphore } from "../../../services/proxy/mysql/semaphore.ts";
import { serveMysqlClient } from "../../../services/proxy/mysql/serve_client.ts";
import { Proxy } from "../../../services/proxy/proxy.ts";
import { TokenSource } from "../../../services/token/token_source.ts";
import { FakeSigner, fakeTarget } from "../../fakes.ts";
import { serveConnections } from "../../serve_connections.ts";
import { bytesOf, SSL_REQUEST, startup } from "../../testdata/packets.ts";
import { PASSWORD, WELCOME } from "./fixture.ts";

const { host } = fakeTarget();

/** What clients and the proxy trust. */
export const authority = await createTlsAuthority([host], new Date());
const identity = { ...authority, protocols: [] };
const startServerTls = createTlsServer(identity);

/** How both sides are connected, and what they speak. */
export interface Pair {
  engine: "postgres" | "mysql";
  /** Whether the client is within TLS. */
  isClientTls: boolean;
  sslmode: Target["sslmode"];
}

/** What is between a client and a database. */
export interface NetworkProxy extends AsyncDisposable {
  /** How many bytes the proxy has read from its clients, as they are on the network. */
  readonly readFromClients: number;
  /** Connects and goes over to TLS where that is wanted; MySQL's client has been greeted then. */
  connect(): Promise<Client>;
  /** Connects and logs in, where no password is asked for, and gives both ends. */
  open(): Promise<{ client: ByteStream; database: ByteStream }>;
}

/** A client that has not logged in. */
export interface Client {
  connection: Connection;
  /** Says who it is. */
  introduce(): Promise<void>;
}

/** Connects a client to a port of 127.0.0.1; within TLS it trusts an authority, for the name of the target. */
export async function connectClient(
  port: number,
  { engine, isClientTls }: Pick<Pair, "engine" | "isClientTls">,
  { ca }: { ca: string },
): Promise<Client> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const connection = new Connection({
    stream: connStream(conn),
    async startTls() {
      const secure = await Deno.startTls(conn, {
        hostname: host,
        caCerts: [ca],
      });
      await secure.handshake();
      return { stream: connStream(secure), alpn: undefined };
    },
  });
  return await SPEAKERS[engine].begin(connection, isClientTls);
}

/** Starts a proxy. */
export function startNetworkProxy(
  pair: Pair,
  clock: Clock,
  needsPassword: boolean,
): NetworkProxy {
  const opened: ((database: ByteStream) => void)[] = [];
  const server = serveConnections(identity, async (database) => {
    try {
      await SPEAKERS[pair.engine].letIn(database);
      opened.shift()?.(database.stream);
    } catch {
      // Nobody logs in any more.
    }
  });
  const trustOf = () =>
    Promise.resolve({ kind: "roots", pem: authority.ca } as const);
  const password = new Secret(PASSWORD);
  const random = (length: number) => new Uint8Array(length).fill(1);
  const proxy = new Proxy({
    ...{ password, anyUser: false, maxConnections: 100 },
    connectRate: Infinity,
  }, {
    ...{ clock, random },
    tokens: new TokenSource({ signer: new FakeSigner(clock), clock }),
    dialer: createDialer(trustOf, {}),
    report: () => {},
    serveMysql: (accepted, listener, shared) =>
      serveMysqlClient(accepted, listener, {
        ...{ ...shared, password, random, fingerprint: undefined },
        dialer: createMysqlDialer(trustOf, {}),
        semaphoreOf: () => new Semaphore(16),
      }),
  });
  const target = fakeTarget({
    ...{ engine: pair.engine, sslmode: pair.sslmode },
    connect: { host: "127.0.0.1", port: server.port },
  });
  const served = {
    targets: [{ name: "orders", target }],
    ...{ isShared: false, needsPassword },
  };
  let readFromClients = 0;
  const listener = listenTcp("127.0.0.1", 0, undefined, (accepted) => {
    const inner = accepted.stream;
    const stream: ByteStream = {
      ...inner,
      async read(buffer) {
        const count = await inner.read(buffer);
        readFromClients += count ?? 0;
        return count;
      },
    };
    proxy.serve({
      ...{ ...accepted, stream },
      ...(pair.isClientTls && {
        startTls: (received) => startServerTls(stream, received),
      }),
    }, served);
  });
  const clients: Connection[] = [];
  async function connect(): Promise<Client> {
    const client = await connectClient(listener.address.port, pair, authority);
    clients.push(client.connection);
    return client;
  }
  return {
    get readFromClients() {
      return readFromClients;
    },
    connect,
    async open() {
      const { promise, resolve } = Promise.withResolvers<ByteStream>();
      opened.push(resolve);
      const { connection, introduce } = await connect();
      await introduce();
      return { client: connection.stream, database: await promise };
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await listener.close();
      await server[Symbol.asyncDispose]();
      await proxy.close();
    },
  };
}

/** What MySQL's database says first. */
export const GREETING: Greeting = {
  version: bytesOf("8.4.9"),
  threadId: 7,
  capabilities: CAPABILITIES.MYSQL | CAPABILITIES.SSL |
    CAPABILITIES.PROTOCOL_41 | CAPABILITIES.PLUGIN_AUTH |
    CAPABILITIES.SECURE_CONNECTION,
  ...{ charset: 8, status: 2, reserved: new Uint8Array(10) },
  ...{ salt: new Uint8Array(20).fill(7), plugin: "caching_sha2_password" },
};

/** How a protocol begins. */
interface Speaker {
  /** What a database does that lets in whoever has a token. */
  letIn(database: Connection): Promise<void>;
  /** What a client does before it says who it is. */
  begin(client: Connection, isTls: boolean): Promise<Client>;
}

const SPEAKERS: Record<Pair["engine"], Speaker> = {
  postgres: {
    async letIn(database) {
      const opening = await negotiate(database);
      if (opening === undefined) return;
      await database.write(authenticationCleartextPassword());
      await readMessage(database, opening.buffer);
      await database.write(WELCOME);
    },
    async begin(connection, isTls) {
      if (isTls) {
        await connection.write(SSL_REQUEST);
        await connection.read();
        await connection.startTls(new Uint8Array());
      }
      return {
        connection,
        async introduce() {
          await connection.write(startup({ user: "me", database: "postgres" }));
          const buffer = new PacketBuffer();
          let type: string | undefined;
          do type = (await readMessage(connection, buffer))?.type; while (
            type !== undefined && type !== "Z"
          );
        },
      };
    },
  },
  mysql: {
    async letIn(database) {
      const stream = new PacketStream(database);
      await stream.write(encodeGreeting(GREETING));
      if (await stream.read() === undefined) return;
      await database.startTls(stream.takeRest());
      await stream.read();
      await stream.write(
        encodeAuthSwitch("mysql_clear_password", new Uint8Array(20)),
      );
      await stream.read();
      await stream.write(Uint8Array.of(0, 0, 0, 2, 0, 0, 0));
    },
    async begin(connection, isTls) {
      const stream = new PacketStream(connection);
      const greeting = decodeGreeting(await stream.read() ?? new Uint8Array());
      const response = emptyResponse(greeting);
      if (isTls) {
        await stream.write(encodeSslRequest({
          ...response,
          capabilities: response.capabilities | CAPABILITIES.SSL,
        }));
        await connection.startTls(new Uint8Array());
      }
      return {
        connection,
        async introduce() {
          await stream.write(encodeHandshakeResponse(response));
          await stream.read();
        },
      };
    },
  },
};
