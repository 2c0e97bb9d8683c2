import {
  authenticationCleartextPassword,
  decodePassword,
} from "../../core/pgwire/authentication.ts";
import { fatalError, type Refusal } from "../../core/pgwire/error_response.ts";
import type { AcceptedStream, ByteStream } from "../../core/ports/streams.ts";
import type { Backend } from "../../core/emulator/backend.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { joinStreams } from "../connection/join_streams.ts";
import { negotiate, type Opening } from "../connection/negotiate.ts";
import { readMessage } from "../connection/read_message.ts";
import {
  type Login,
  noEntry,
  protocolViolation,
  readLogin,
  tokenRefused,
} from "./refusals.ts";

/** How long a client may take to log in, in milliseconds: PostgreSQL's `authentication_timeout`. */
const LOGIN_TIMEOUT_MS = 60_000;

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
  accepted: AcceptedStream,
  ports: ClientPorts,
): Promise<void> {
  const loggedIn = new AbortController();
  ports.clock.sleep(LOGIN_TIMEOUT_MS, loggedIn.signal).then(() => {
    if (!loggedIn.signal.aborted) accepted.close();
  });
  let client: ByteStream = accepted;
  try {
    const opening = await negotiate(accepted, (secure) => client = secure);
    if (opening === undefined) return;
    const server = opening.parameters === undefined
      ? await ports.backend.connectTrusted() // a cancel request carries its own key
      : await logIn(opening, opening.parameters, accepted.remoteHost, ports);
    if (server === undefined) return;
    loggedIn.abort();
    await server.write(opening.packet);
    await server.write(opening.buffer.takeRest());
    await joinStreams(client, server);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    ports.log(`${accepted.remoteHost}: connection given up: ${why}`);
    if (error instanceof SyntaxError) {
      await client.write(fatalError(protocolViolation()));
    }
  } finally {
    loggedIn.abort();
    client.close();
  }
}

/** Lets a client in or sends it away; returns the server that it is to be joined to. */
async function logIn(
  opening: Opening,
  parameters: ReadonlyMap<string, string>,
  remoteHost: string,
  ports: ClientPorts,
): Promise<ByteStream | undefined> {
  const { backend } = ports;
  const { stream, isEncrypted } = opening;
  const login = readLogin(parameters, remoteHost);
  async function refuse(refusal: Refusal, reason: string) {
    log(login, `refused: ${reason}`, ports);
    await stream.write(fatalError(refusal));
    return undefined;
  }
  if (!isEncrypted) {
    const refusal = noEntry(login, isEncrypted, backend.major);
    return await refuse(refusal, "it came without TLS");
  }
  if (!await backend.isIamRole(login.username)) {
    log(login, "no member of rds_iam: left to its own password", ports);
    return await backend.connectByPassword();
  }
  if (login.isReplication) {
    const refusal = noEntry(login, isEncrypted, backend.major);
    return await refuse(refusal, "IAM logins cannot replicate");
  }
  await stream.write(authenticationCleartextPassword());
  const message = await readMessage(stream, opening.buffer);
  if (message === undefined) return undefined; // psql asks its user, and comes again
  const token = decodePassword(message);
  const { ok, reason } = await ports.judge(login.username, token);
  if (!ok) return await refuse(tokenRefused(login), reason);
  log(login, `let in: ${reason}`, ports);
  return await backend.connectTrusted();
}

function log(login: Login, what: string, ports: ClientPorts) {
  // Names come from the client: quoted, so that they cannot forge a line.
  const user = JSON.stringify(login.username);
  const database = JSON.stringify(login.database);
  ports.log(`${login.remoteHost}: ${user} to ${database}: ${what}`);
}
