import {
  CLEAR_PASSWORD,
  decodeLoginAnswer,
  encodeClearPassword,
} from "../../../core/mysqlwire/authentication.ts";
import {
  CAPABILITIES,
  changeFlags,
  hasFlag,
} from "../../../core/mysqlwire/capabilities.ts";
import type { MysqlDialer } from "../../../core/database/mysql_dialer.ts";
import {
  decodeError,
  encodeError,
  type ErrorPacket,
} from "../../../core/mysqlwire/error_packet.ts";
import {
  decodeGreeting,
  type Greeting,
} from "../../../core/mysqlwire/greeting.ts";
import {
  emptyResponse,
  encodeHandshakeResponse,
  encodeSslRequest,
  type HandshakeResponse,
  proofOfNothing,
} from "../../../core/mysqlwire/handshake_response.ts";
import {
  type Asked,
  explainMysqlRefusal,
  type LoginExplanation,
  noIamAccount,
} from "../../../core/database/mysql_login_refusal.ts";
import { RdsiamError } from "../../../core/errors.ts";
import type { Secret } from "../../../core/secret.ts";
import type { Target } from "../../../core/target/target.ts";
import { Connection } from "../../connection/connection.ts";
import { LoginFailure } from "../login_failure.ts";
import { ERRORS, mysqlFailure } from "./failures.ts";
import { type PacketSource, PacketStream } from "./packet_stream.ts";

/** A server that has greeted and waits for a login. */
export interface GreetedUpstream {
  stream: PacketStream;
  greeting: Greeting;
  /** Why its connection has ended, where that was a tunnel's doing. */
  failure?: () => Promise<Error | undefined>;
}

/** The database refused the token; a new one may do, in another connection. */
export class MysqlTokenRefused extends LoginFailure {}

/**
 * Connects to a database and hears its greeting.
 *
 * @throws {LoginFailure} with the database's own words, where it said any
 */
export async function connectUpstream(
  target: Target,
  dialer: MysqlDialer,
  signal: AbortSignal,
): Promise<GreetedUpstream> {
  const conn = await reaching(() => dialer.connect(target, signal));
  const stream = new PacketStream(new Connection(conn));
  const close = () => stream.connection.close();
  signal.addEventListener("abort", close);
  try {
    const body = await next(stream);
    if (body[0] === 0xff) throw refused(body, "something-else", target);
    const greeting = decodeGreeting(body);
    if (!hasFlag(greeting.capabilities, CAPABILITIES.SSL)) {
      throw mysqlFailure(
        "unreachable",
        ERRORS.unknown,
        "the database does not offer TLS",
        { hint: "rdsiam never logs in without TLS" },
      );
    }
    const { failure } = conn;
    return { stream, greeting, ...(failure && { failure }) };
  } catch (error) {
    close();
    throw readable(error);
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/**
 * Logs in with a token, once the server has asked for it over verified TLS: only an account of AWSAuthenticationPlugin
 * makes it do that.
 *
 * @param client what the client answered to the greeting, whose flags go on to the server
 * @returns the server's OK
 * @throws {LoginFailure} with the database's own words, where it said any
 */
export async function logInUpstream(
  { stream, greeting }: GreetedUpstream,
  client: HandshakeResponse,
  target: Target,
  token: Secret,
): Promise<Uint8Array> {
  const response = upstreamResponse(client, greeting, target);
  try {
    await stream.write(encodeSslRequest(response));
    const early = stream.takeRest();
    // They would pass as sent within TLS.
    if (early.length > 0) throw new SyntaxError("bytes came before TLS began");
    await reaching(() => stream.connection.startTls(early));
    await stream.write(encodeHandshakeResponse(response));
    return await answerTokenRequest(stream, target, token);
  } catch (error) {
    throw readable(error);
  }
}

/**
 * Sends the token to a server that asks for it.
 *
 * @returns the server's OK
 * @throws {LoginFailure} with the database's own words, where it said any; and when it asks for something else, and is
 * sent nothing
 */
export async function answerTokenRequest(
  stream: PacketStream<PacketSource>,
  target: Target,
  token: Secret,
): Promise<Uint8Array> {
  expectTokenRequest(await next(stream), target);
  await stream.write(encodeClearPassword(token.reveal()));
  const body = await next(stream);
  const answer = decodeLoginAnswer(body);
  if (answer.kind === "ok") return body;
  if (answer.kind === "error") throw refused(body, "token", target);
  throw new SyntaxError("a second password is wanted");
}

/**
 * Ends a connection that nobody is logged in on: a server counts those that leave in the middle, and shuts a host with
 * too many of them out (`max_connect_errors`). Nobody is refused on purpose: no account has an empty name.
 */
export async function quitUpstream(
  { stream, greeting }: GreetedUpstream,
): Promise<void> {
  await stream.write(encodeHandshakeResponse(emptyResponse(greeting)));
  await stream.read();
  stream.connection.close();
}

/** The client's own response, but for who logs in and how. */
function upstreamResponse(
  client: HandshakeResponse,
  { capabilities, plugin }: Greeting,
  { username, database }: Target,
): HandshakeResponse {
  const encoder = new TextEncoder();
  const hasDatabase = database !== "";
  // A client of MySQL says so to a server of MariaDB too, though that one does not.
  const shared = client.capabilities & (capabilities | CAPABILITIES.MYSQL);
  return {
    ...client,
    capabilities: changeFlags(shared, {
      remove: CAPABILITIES.MULTI_FACTOR | CAPABILITIES.CONNECT_WITH_DB,
      add: CAPABILITIES.SSL | CAPABILITIES.PROTOCOL_41 |
        CAPABILITIES.SECURE_CONNECTION | CAPABILITIES.PLUGIN_AUTH |
        CAPABILITIES.PLUGIN_AUTH_LENENC |
        (hasDatabase ? CAPABILITIES.CONNECT_WITH_DB : 0),
    }),
    username: encoder.encode(username),
    // The server's own plugin with a proof of nothing: named at once, mysql_clear_password would be taken for the whole
    // login, and the token had to be in it whoever asks.
    proof: proofOfNothing(plugin),
    plugin,
    database: encoder.encode(database),
  };
}

function expectTokenRequest(body: Uint8Array, target: Target) {
  const answer = decodeLoginAnswer(body);
  if (answer.kind === "switch" && answer.plugin === CLEAR_PASSWORD) return;
  if (answer.kind === "error") throw refused(body, "something-else", target);
  const { why, hint } = noIamAccount(target.username);
  throw mysqlFailure("refused", ERRORS.denied, why ?? "", { hint });
}

async function next(
  stream: PacketStream<PacketSource>,
): Promise<Uint8Array> {
  const body = await stream.read();
  if (body !== undefined) return body;
  throw mysqlFailure(
    "unreachable",
    ERRORS.unknown,
    "the database ended the connection during the login",
  );
}

/** The database's own error, and after it what it means. */
function refused(body: Uint8Array, asked: Asked, target: Target): LoginFailure {
  const error = decodeError(body);
  const cause = explainMysqlRefusal(error.code, asked, target);
  const Failure = error.code === 1045 && asked === "token"
    ? MysqlTokenRefused
    : LoginFailure;
  return new Failure(
    "refused",
    { code: error.sqlState, message: error.message, hint: cause.hint },
    { why: cause.why, answer: encodeError(explained(error, cause)) },
  );
}

function explained(
  error: ErrorPacket,
  { why, hint }: LoginExplanation,
): ErrorPacket {
  const more = [why, hint].filter((text) => text !== undefined).join(". ");
  const { message } = error;
  return more === "" ? error : { ...error, message: `${message} (${more})` };
}

async function reaching<Value>(step: () => Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (cause) {
    if (!(cause instanceof RdsiamError)) throw cause;
    const { message, hint } = cause;
    throw mysqlFailure("unreachable", ERRORS.unknown, message, { hint, cause });
  }
}

/** What the database says that nobody can read is a failure to reach it. */
export function readable(error: unknown): unknown {
  if (!(error instanceof SyntaxError)) return error;
  return mysqlFailure(
    "unreachable",
    ERRORS.unknown,
    `the database does not speak as MySQL does: ${error.message}`,
    { cause: error },
  );
}
