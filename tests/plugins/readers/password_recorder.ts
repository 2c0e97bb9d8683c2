import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";
import type { Connection } from "../../../services/connection/connection.ts";
import { serveConnections } from "../../serve_connections.ts";
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
  const server = serveConnections(
    { ...authority, protocols: ["postgresql"] },
    (client) =>
      record(client).then(resolve, () => {}).finally(() => client.close()),
  );
  return { ...server, ca: authority.ca, password: promise };
}

async function record(client: Connection): Promise<string> {
  const first = await readPacket(client, 0);
  const isSslRequest = first.length === 8;
  if (isSslRequest) {
    await client.write(new TextEncoder().encode("S"));
    await client.startTls(new Uint8Array());
    await readPacket(client, 0);
  }
  await client.write(authenticationCleartextPassword());
  const message = await readPacket(client, 1);
  return new TextDecoder().decode(message.subarray(5, -1));
}

/** A whole message: its length stands behind so many bytes of its type. */
async function readPacket(client: Connection, offset: number) {
  let bytes = new Uint8Array();
  for (;;) {
    if (bytes.length >= offset + 4) {
      const length = new DataView(bytes.buffer).getUint32(offset) + offset;
      if (bytes.length >= length) return bytes;
    }
    const more = await client.read();
    if (more === undefined) throw new Error("The client is gone");
    bytes = Uint8Array.from([...bytes, ...more]);
  }
}
