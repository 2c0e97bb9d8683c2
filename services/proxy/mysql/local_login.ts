import { encodeAuthSwitch } from "../../../core/mysqlwire/authentication.ts";
import {
  CAPABILITIES,
  changeFlags,
} from "../../../core/mysqlwire/capabilities.ts";
import {
  encodeGreeting,
  type Greeting,
} from "../../../core/mysqlwire/greeting.ts";
import {
  decodeHandshakeResponse,
  type HandshakeResponse,
  isSslRequest,
} from "../../../core/mysqlwire/handshake_response.ts";
import {
  isPasswordPlugin,
  isSameProof,
  type PasswordPlugin,
  passwordProof,
} from "../../../core/mysqlwire/password_proof.ts";
import type { Secret } from "../../../core/secret.ts";
import type { PacketStream } from "./packet_stream.ts";

/** A client's proof of the local password. */
export interface LocalProof {
  /** What it is made with. */
  plugin: PasswordPlugin;
  salt: Uint8Array;
  /** The proof; empty from a client without a password. */
  proof: Uint8Array;
}

/** What a client says of itself, and its proof of the local password. */
export interface LocalLogin extends LocalProof {
  response: HandshakeResponse;
  /** Whether the client is within TLS. */
  isEncrypted: boolean;
}

/**
 * Greets a client in the server's name and lets it log in. Version, number of the session and capabilities are the
 * server's own, so that what client and server do afterwards is what they would do without a proxy; the password is the
 * proxy's, and so are salt and TLS.
 *
 * @returns `undefined` when the client left
 * @throws {SyntaxError} when it breaks the protocol
 */
export async function greetClient(
  client: PacketStream,
  server: Greeting,
  salt: Uint8Array,
): Promise<LocalLogin | undefined> {
  const { hasTls } = client.connection;
  const offered = isMariadb(server)
    ? "mysql_native_password"
    : "caching_sha2_password";
  const capabilities = changeFlags(server.capabilities, {
    remove: CAPABILITIES.MULTI_FACTOR | CAPABILITIES.SSL,
    add: hasTls ? CAPABILITIES.SSL : 0,
  });
  await client.write(
    encodeGreeting({ ...server, capabilities, salt, plugin: offered }),
  );
  let body = await client.read();
  if (body === undefined) return undefined;
  const isEncrypted = isSslRequest(body);
  if (isEncrypted) {
    if (!hasTls) throw new SyntaxError("Cannot go on: TLS is not offered");
    await client.connection.startTls(client.takeRest());
    body = await client.read();
    if (body === undefined) return undefined;
  }
  const response = decodeHandshakeResponse(body);
  // A client that names no plugin proves its password as all did before there were plugins.
  const named = response.plugin ?? "mysql_native_password";
  if (named === offered || response.plugin === undefined) {
    const plugin = isPasswordPlugin(named) ? named : offered;
    return { response, plugin, salt, proof: response.proof, isEncrypted };
  }
  // It has another one of its own; what it sent of it may be of no use.
  const plugin = isPasswordPlugin(named) ? named : offered;
  await client.write(encodeAuthSwitch(plugin, salt));
  const proof = await client.read();
  if (proof === undefined) return undefined;
  return { response, plugin, salt, proof, isEncrypted };
}

/** Whether a client has proven that it knows a password. */
export async function knowsPassword(
  { plugin, salt, proof }: LocalProof,
  password: Secret,
): Promise<boolean> {
  const expected = await passwordProof(plugin, password.reveal(), salt);
  return isSameProof(proof, expected);
}

/** Whether it is MariaDB that greets; 10.x writes MySQL's version before its own. */
export function isMariadb({ version }: Greeting): boolean {
  return new TextDecoder().decode(version).includes("MariaDB");
}
