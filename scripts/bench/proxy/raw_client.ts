/** The least that a client does: log in where no password is wanted, and wait. */
import { encodeMessage } from "../../../core/pgwire/packet_buffer.ts";
import { encodeStartupPacket } from "../../../core/pgwire/startup_packet.ts";
import { USERNAME } from "./postgres.ts";

/** `ReadyForQuery` of a session that is idle. */
const READY = [0x5a, 0, 0, 0, 5, 0x49];

/** Logs in, and gives the connection when the session is ready. */
export async function logIn(port: number): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const parameters = { user: USERNAME, database: "postgres" };
  await conn.write(
    encodeStartupPacket(0, new Map(Object.entries(parameters))),
  );
  await untilReady(conn);
  return conn;
}

/** Runs a statement to its end. */
export async function query(conn: Deno.Conn, sql: string): Promise<void> {
  const body = new TextEncoder().encode(`${sql}\0`);
  await conn.write(encodeMessage({ type: "Q", body }));
  await untilReady(conn);
}

/** Says goodbye and closes. */
export async function logOut(conn: Deno.Conn): Promise<void> {
  await conn.write(encodeMessage({ type: "X", body: new Uint8Array() }));
  conn.close();
}

async function untilReady(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  let tail: number[] = [];
  while (!READY.every((byte, i) => tail[i] === byte)) {
    const count = await conn.read(buffer);
    if (count === null) {
      const said = new TextDecoder().decode(new Uint8Array(tail));
      throw new Error(`The connection was ended after: ${said}`);
    }
    tail = [...tail, ...buffer.subarray(Math.max(0, count - 6), count)]
      .slice(-READY.length);
  }
}
