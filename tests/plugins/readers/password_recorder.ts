import { listenTcp } from "../../../adapters/net/net.ts";
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import type {
  AcceptedStream,
  ByteStream,
} from "../../../core/ports/streams.ts";
import { authenticationCleartextPassword } from "../../../core/pgwire/authentication.ts";

/** A PostgreSQL server that asks for a password, keeps it and hangs up. */
export interface PasswordRecorder extends AsyncDisposable {
  port: number;
  /** The root that its certificate for `localhost` leads to. */
  ca: string;
  /** Resolves with the first password. */
  password: Promise<string>;
}

/** Starts the server; it goes on in TLS when it is asked to. */
export async function startPasswordRecorder(): Promise<PasswordRecorder> {
  const authority = await createTlsAuthority(["localhost"], new Date());
  const { promise, resolve } = Promise.withResolvers<string>();
  const listener = await listenTcp(
    "127.0.0.1",
    0,
    { ...authority, protocols: ["postgresql"] },
    (stream) => {
      record(stream).then(resolve, () => {}).finally(() => stream.close());
    },
  );
  return {
    port: listener.port,
    ca: authority.ca,
    password: promise,
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

async function record(accepted: AcceptedStream): Promise<string> {
  const first = await readPacket(accepted, 0);
  const isSslRequest = first.length === 8;
  let stream: ByteStream = accepted;
  if (isSslRequest) {
    await accepted.write(new TextEncoder().encode("S"));
    stream = (await accepted.startTls(new Uint8Array())).stream;
    await readPacket(stream, 0);
  }
  await stream.write(authenticationCleartextPassword());
  const message = await readPacket(stream, 1);
  return new TextDecoder().decode(message.subarray(5, -1));
}

/** A whole message: its length stands behind so many bytes of its type. */
async function readPacket(stream: ByteStream, offset: number) {
  let bytes = new Uint8Array();
  for (;;) {
    if (bytes.length >= offset + 4) {
      const length = new DataView(bytes.buffer).getUint32(offset) + offset;
      if (bytes.length >= length) return bytes;
    }
    const more = await stream.read();
    if (more === undefined) throw new Error("The client is gone");
    bytes = Uint8Array.from([...bytes, ...more]);
  }
}
