import { errorMessage } from "../../core/errors.ts";
import {
  authenticationCleartextPassword,
  decodePassword,
} from "../../core/pgwire/authentication.ts";
import { fatalError, type Refusal } from "../../core/pgwire/error_response.ts";
import { NotPostgres } from "../../core/pgwire/packet_buffer.ts";
import type { ByteStream } from "../../core/ports/streams.ts";
import type { Backend } from "../../core/emulator/backend.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { Connection, readMessage } from "../connection/connection.ts";
import { hangUp } from "../connection/hang_up.ts";
import { negotiate, type Opening } from "../connection/negotiate.ts";
import { relay } from "../connection/relay.ts";
import {
  type AttemptedLogin,
  noEntry,
  protocolViolation,
  readLogin,
  tokenRefused,
} from "./refusals.ts";

/** How long a client may take to log in, in milliseconds: PostgreSQL's `authentication_timeout`. */
const LOGIN_TIMEOUT_MS = 60_000;

/** How long a client may take to read the last that it is sent, in milliseconds. */
const FAREWELL_MS = 1_000;

/** Whether a password is a token that lets this user in. */
export type TokenVerdict = { ok: boolean; reason: string };

/** What serving a client needs. */
export interface ClientPorts {
  backend: Backend;
  clock: Clock;
  /** Judges a token; the reason is for the log and holds no secret. */
  judge: (username: string, token: string) => Promise<TokenVerdict>;
  log: (line: string) => void;
}

/** Serves one connection: encryption, start-up, login as RDS does it, then a session of that role on the real server. */
export async function serveClient(
  client: Connection,
  ports: ClientPorts,
): Promise<void> {
  const loggedIn = new AbortController();
  ports.clock.sleep(LOGIN_TIMEOUT_MS, loggedIn.signal).then(() => {
    if (!loggedIn.signal.aborted) client.close();
  });
  let closingMessage: Uint8Array = new Uint8Array();
  try {
    const opening = await negotiate(client);
    if (opening === undefined) return;
    const answer = opening.parameters === undefined
      ? await ports.backend.connectTrusted() // a cancel request carries its own key
      : await logIn(client, opening, opening.parameters, ports);
    loggedIn.abort();
    if (answer instanceof Uint8Array) closingMessage = answer;
    else if (answer !== undefined) await join(client, opening, answer);
  } catch (error) {
    const why = errorMessage(error);
    ports.log(`${client.remoteHost}: connection given up: ${why}`);
    if (error instanceof SyntaxError && !(error instanceof NotPostgres)) {
      closingMessage = fatalError(protocolViolation());
    }
  } finally {
    loggedIn.abort();
    await hangUp(client, closingMessage, ports.clock, FAREWELL_MS);
  }
}

async function join(
  client: Connection,
  { packet, buffer }: Opening,
  stream: ByteStream,
) {
  const server = new Connection({ stream });
  try {
    await server.write(packet);
    await server.write(buffer.takeRest());
    const counts = { fromClient: 0, fromUpstream: 0 };
    const { signal } = new AbortController();
    await relay(client.stream, stream, counts, signal);
  } finally {
    server.close();
  }
}

/** The server that a client is to be joined to, or what it is sent away with; `undefined` when it left. */
async function logIn(
  client: Connection,
  { buffer, isEncrypted }: Opening,
  parameters: ReadonlyMap<string, string>,
  ports: ClientPorts,
): Promise<ByteStream | Uint8Array | undefined> {
  const { backend } = ports;
  const login = readLogin(parameters, client.remoteHost);
  function refuse(refusal: Refusal, reason: string) {
    log(login, `refused: ${reason}`, ports);
    return fatalError(refusal);
  }
  if (!isEncrypted) {
    const refusal = noEntry(login, isEncrypted, backend.major);
    return refuse(refusal, "it came without TLS");
  }
  if (!await backend.isIamRole(login.username)) {
    log(login, "no member of rds_iam: left to its own password", ports);
    return await backend.connectByPassword();
  }
  if (login.isReplication) {
    const refusal = noEntry(login, isEncrypted, backend.major);
    return refuse(refusal, "IAM logins cannot replicate");
  }
  await client.write(authenticationCleartextPassword());
  const message = await readMessage(client, buffer);
  if (message === undefined) return undefined; // psql asks its user, and comes again
  const token = decodePassword(message);
  const { ok, reason } = await ports.judge(login.username, token);
  if (!ok) return refuse(tokenRefused(login), reason);
  log(login, `let in: ${reason}`, ports);
  return await backend.connectTrusted();
}

function log(login: AttemptedLogin, what: string, ports: ClientPorts) {
  // Names come from the client: quoted, so that they cannot forge a line.
  const user = JSON.stringify(login.username);
  const database = JSON.stringify(login.database);
  ports.log(`${login.remoteHost}: ${user} to ${database}: ${what}`);
}
