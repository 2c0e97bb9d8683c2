import { displayName } from "../../core/access/identifier.ts";
import {
  isTokenRefusal,
  refusalCause,
} from "../../core/database/login_refusal.ts";
import {
  decodeAuthentication,
  encodePassword,
} from "../../core/pgwire/authentication.ts";
import {
  decodeErrorFields,
  withHint,
} from "../../core/pgwire/error_response.ts";
import { concatBytes } from "../../core/text/bytes.ts";
import {
  encodeMessage,
  type Message,
  PacketBuffer,
} from "../../core/pgwire/packet_buffer.ts";
import { encodeStartupPacket } from "../../core/pgwire/startup_packet.ts";
import type { DialledStream } from "../../core/database/dialer.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import { Connection, readMessage } from "../connection/connection.ts";
import { LoginFailure } from "./login_failure.ts";

/** Who logs in to the database, and what is asked of it. */
export interface UpstreamLogin {
  target: Target;
  /** The minor version of protocol 3 to ask for. */
  minor: number;
  /** The start-up parameters. */
  parameters: ReadonlyMap<string, string>;
}

/** A session in the database that waits for its first query. */
export interface UpstreamSession {
  connection: Connection;
  /** What was read beyond the login. */
  buffer: PacketBuffer;
  /** The key that cancels its queries: process number and secret. */
  cancelKey: Uint8Array | undefined;
}

/** The database refused the token; a new one may do. */
export class TokenRefused extends LoginFailure {}

/**
 * Logs in on a fresh connection with a token, and hands on what the client is to hear, from `AuthenticationOk` to
 * `ReadyForQuery`. The connection is closed when that fails.
 *
 * @param deliver sends bytes to the client
 * @throws {LoginFailure} with the database's own words, where it said any
 */
export async function logInUpstream(
  { stream }: DialledStream,
  login: UpstreamLogin,
  token: Secret,
  deliver: (bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal,
): Promise<UpstreamSession> {
  const connection = new Connection({ stream });
  const close = () => connection.close();
  signal.addEventListener("abort", close);
  if (signal.aborted) close();
  try {
    const { minor, parameters } = login;
    await connection.write(encodeStartupPacket(minor, parameters));
    return await converse(connection, login, token, deliver);
  } catch (error) {
    close();
    if (!(error instanceof SyntaxError)) throw error;
    throw lost("the database does not speak as PostgreSQL does", error);
  } finally {
    signal.removeEventListener("abort", close);
  }
}

async function converse(
  connection: Connection,
  login: UpstreamLogin,
  token: Secret,
  deliver: (bytes: Uint8Array) => Promise<void>,
): Promise<UpstreamSession> {
  const buffer = new PacketBuffer();
  const undelivered: Uint8Array[] = [];
  async function deliverAll() {
    if (undelivered.length === 0) return;
    await deliver(concatBytes(...undelivered.splice(0)));
  }
  let cancelKey: Uint8Array | undefined;
  let isTokenSent = false;
  while (true) {
    const waiting = buffer.takeMessage();
    // What came at once goes at once: some twenty messages end a login.
    if (waiting === undefined) await deliverAll();
    const message = waiting ?? await readMessage(connection, buffer);
    if (message === undefined) {
      throw lost("the database ended the connection during the login");
    }
    switch (message.type) {
      case "R": {
        const request = decodeAuthentication(message.body);
        if (request.kind === "ok") break;
        if (request.kind === "other") throw noToken(request.name, login.target);
        if (isTokenSent) throw new SyntaxError("A second password is wanted");
        isTokenSent = true;
        await connection.write(encodePassword(token.reveal()));
        continue;
      }
      case "E":
        await deliverAll();
        throw refusal(message, login.target);
      case "v": // of its version alone: what the client speaks is a superset
        continue;
      case "K":
        cancelKey = message.body;
        break;
    }
    undelivered.push(encodeMessage(message));
    if (message.type !== "Z") continue;
    await deliverAll();
    return { connection, buffer, cancelKey };
  }
}

/** The login was not finished, for want of the database. */
function lost(why: string, cause?: unknown): LoginFailure {
  return new LoginFailure(
    "unreachable",
    { code: "08006", message: `login to the database failed: ${why}` },
    { cause },
  );
}

function noToken(method: string, target: Target): LoginFailure {
  const { why, hint } = refusalCause(
    { code: "28P01", message: "" },
    { ...target, method: "token" },
  );
  const user = displayName(target.username);
  return new LoginFailure("refused", {
    code: "28000",
    message: `the database asks for ${method} of user ${user}, not for a token`,
    hint,
  }, { why });
}

function refusal({ body }: Message, target: Target): LoginFailure {
  const fields = decodeErrorFields(body);
  const cause = explain(fields, target);
  const Failure = isTokenRefusal(fields) ? TokenRefused : LoginFailure;
  return new Failure("refused", {
    code: fields.code,
    message: fields.message,
    hint: fields.hint ?? cause.hint,
  }, { answer: withHint(body, cause.hint), why: cause.why });
}

/** The likely cause of a refusal, and what to do, as far as its own words do not say it. */
function explain(
  fields: { code: string; message: string },
  target: Target,
): { why?: string; hint?: string } {
  if (fields.code === "3D000") {
    return { hint: "Name another database, or none for the target's own" };
  }
  const isOfLogin = ["28P01", "28000", "53300", "57P03"].includes(fields.code);
  if (!isOfLogin) return {};
  const { why, hint } = refusalCause(fields, { ...target, method: "token" });
  return why === fields.message ? { hint } : { why, hint };
}
