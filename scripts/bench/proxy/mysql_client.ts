/** The least that a client of MySQL does: log in where no password is wanted, ask, and leave. */
import { decodeLoginAnswer } from "../../../core/mysqlwire/authentication.ts";
import { decodeGreeting } from "../../../core/mysqlwire/greeting.ts";
import {
  emptyResponse,
  encodeHandshakeResponse,
} from "../../../core/mysqlwire/handshake_response.ts";
import { PacketStream } from "../../../services/proxy/mysql/packet_stream.ts";
import { Connection } from "../../../services/connection/connection.ts";
import { connStream } from "../../../adapters/net/conn_stream.ts";

/** `COM_QUERY` and `COM_QUIT` (MySQL source documentation, "Text Protocol"). */
const [QUERY, QUIT] = [0x03, 0x01];

/** Logs in, runs a statement whose result is one row, and leaves. */
export async function visit(port: number, sql: string): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const stream = new PacketStream(new Connection({ stream: connStream(conn) }));
  try {
    const greeting = decodeGreeting(await next(stream));
    const response = { ...emptyResponse(greeting), username: encode("app") };
    await stream.write(encodeHandshakeResponse(response));
    let answer = decodeLoginAnswer(await next(stream));
    while (answer.kind === "more") {
      answer = decodeLoginAnswer(await next(stream));
    }
    if (answer.kind !== "ok") throw new Error(JSON.stringify(answer));
    await stream.connection.write(command(QUERY, sql));
    // The number of columns, a column, an end, a row and an end.
    for (let packet = 0; packet < 5; packet++) {
      const body = await next(stream);
      if (body[0] === 0xff) throw new Error("The statement was refused");
    }
    await stream.connection.write(command(QUIT, ""));
  } finally {
    stream.connection.close();
  }
}

function command(code: number, text: string): Uint8Array {
  const body = encode(text);
  const length = body.length + 1;
  return Uint8Array.of(length & 0xff, length >> 8, 0, 0, code, ...body);
}

async function next(stream: PacketStream): Promise<Uint8Array> {
  const body = await stream.read();
  if (body === undefined) throw new Error("The connection was ended");
  return body;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
