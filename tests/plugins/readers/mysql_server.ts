import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import type { Connection } from "../../../services/connection/connection.ts";
import { serveConnections } from "../../serve_connections.ts";

const PROTOCOL_41 = 0x200;
const SSL = 0x800;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x80000;
const OK = [0, 0, 0, 2, 0, 0, 0];

/** A server that speaks as much of MySQL's protocol as a login takes, and says yes to everything. */
export interface MysqlServer extends AsyncDisposable {
  port: number;
  /** The root that its certificate for `localhost` leads to. */
  ca: string;
  /** The passwords that it was sent by mysql_clear_password, within TLS. */
  passwords: string[];
  /** All that it was sent without TLS. */
  plain: string[];
}

/** Starts the server; without `hasTls` it offers none, as somebody in between would. */
export async function startMysqlServer(
  { hasTls = true } = {},
): Promise<MysqlServer> {
  const authority = await createTlsAuthority(["localhost"], new Date());
  const passwords: string[] = [];
  const plain: string[] = [];
  const server = serveConnections(
    { ...authority, protocols: [] },
    (client) =>
      serve(client, hasTls, passwords, plain).catch(() => {}).finally(() =>
        client.close()
      ),
  );
  return { ...server, ca: authority.ca, passwords, plain };
}

async function serve(
  client: Connection,
  hasTls: boolean,
  passwords: string[],
  plain: string[],
): Promise<void> {
  await send(client, 0, handshake(hasTls));
  const clear = new Packets(client);
  const first = await clear.next();
  plain.push(new TextDecoder().decode(first.payload));
  const isTls = first.payload.length === 32; // SSLRequest is a response's first 32 bytes
  if (isTls) await client.startTls(clear.rest());
  const packets = isTls ? new Packets(client) : clear;
  const response = isTls ? await packets.next() : first;
  await send(client, response.sequence + 1, [
    0xfe,
    ...new TextEncoder().encode("mysql_clear_password\0"),
  ]);
  const answer = await packets.next();
  const password = new TextDecoder().decode(answer.payload).replace(/\0$/, "");
  (isTls ? passwords : plain).push(password);
  await send(client, answer.sequence + 1, OK);
  for (;;) {
    const command = await packets.next();
    if (command.payload[0] === 1) return; // COM_QUIT
    await send(client, 1, OK);
  }
}

function handshake(hasTls: boolean): number[] {
  const capabilities = PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH |
    (hasTls ? SSL : 0);
  const text = (text: string) => [...new TextEncoder().encode(`${text}\0`)];
  const low = [capabilities & 0xff, (capabilities >> 8) & 0xff];
  const high = [(capabilities >> 16) & 0xff, capabilities >>> 24];
  return [
    10,
    ...text("8.0.36"),
    ...[1, 0, 0, 0],
    ...text("saltsalt"),
    ...low,
    ...[45, 2, 0],
    ...high,
    21,
    ...new Array(10).fill(0),
    ...text("saltsaltsalt"),
    ...text("mysql_native_password"),
  ];
}

async function send(client: Connection, sequence: number, payload: number[]) {
  const { length } = payload;
  const header = [length & 0xff, (length >> 8) & 0xff, 0, sequence];
  await client.write(Uint8Array.from([...header, ...payload]));
}

/** The packets of a client. */
class Packets {
  readonly #client: Connection;
  #bytes = new Uint8Array();

  constructor(client: Connection) {
    this.#client = client;
  }

  async next(): Promise<{ sequence: number; payload: Uint8Array }> {
    await this.#fill(4);
    const [low = 0, middle = 0, high = 0, sequence = 0] = this.#bytes;
    const length = low + (middle << 8) + (high << 16);
    await this.#fill(4 + length);
    const payload = this.#bytes.slice(4, 4 + length);
    this.#bytes = this.#bytes.slice(4 + length);
    return { sequence, payload };
  }

  /** What was read beyond the packets. */
  rest(): Uint8Array {
    return this.#bytes;
  }

  async #fill(length: number): Promise<void> {
    while (this.#bytes.length < length) {
      const more = await this.#client.read();
      if (more === undefined) throw new Error("The client is gone");
      this.#bytes = Uint8Array.from([...this.#bytes, ...more]);
    }
  }
}
