import {
  authenticationSasl,
  authenticationSaslContinue,
  authenticationSaslFinal,
  decodeSaslInitialResponse,
  decodeSaslResponse,
} from "../../core/pgwire/authentication.ts";
import {
  MAX_SASL_MESSAGE_BYTES,
  type PacketBuffer,
} from "../../core/pgwire/packet_buffer.ts";
import {
  beginScram,
  SCRAM_SHA_256,
  type ScramVerifier,
} from "../../core/pgwire/scram_server.ts";
import { type Connection, readMessage } from "../connection/connection.ts";

/**
 * Asks a client for the local password, by SCRAM-SHA-256.
 *
 * @param nonce random and printable, without a comma
 * @returns whether it knows it; `undefined` when it left, as psql does to ask its user
 * @throws {SyntaxError} when the client breaks the protocol
 */
export async function checkLocalPassword(
  client: Connection,
  buffer: PacketBuffer,
  verifier: ScramVerifier,
  nonce: string,
): Promise<boolean | undefined> {
  // Who is not known yet is listened to no longer than that.
  const next = () => readMessage(client, buffer, MAX_SASL_MESSAGE_BYTES);
  await client.write(authenticationSasl([SCRAM_SHA_256]));
  const initial = await next();
  if (initial === undefined) return undefined;
  const { mechanism, data } = decodeSaslInitialResponse(initial);
  if (mechanism !== SCRAM_SHA_256) {
    throw new SyntaxError(
      "Cannot go on: the client chose no offered mechanism",
    );
  }
  const exchange = beginScram(data, nonce, verifier);
  await client.write(authenticationSaslContinue(exchange.serverFirst));
  const response = await next();
  if (response === undefined) return undefined;
  const last = exchange.finish(decodeSaslResponse(response));
  if (last === undefined) return false;
  await client.write(authenticationSaslFinal(last));
  return true;
}
