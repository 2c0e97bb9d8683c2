import {
  type AgreedProtocol,
  agreeOnProtocol,
  cancelKeyOf,
} from "../../core/pgwire/startup_packet.ts";
import { NotPostgres } from "../../core/pgwire/packet_buffer.ts";
import type { ScramVerifier } from "../../core/pgwire/scram_server.ts";
import type { AcceptedStream } from "../../core/ports/streams.ts";
import { Connection } from "../connection/connection.ts";
import { negotiate, type Opening } from "../connection/negotiate.ts";
import type { CancelKeys, CancelRoute } from "./cancel_keys.ts";
import { type Quota, takeHalfOpen } from "./limits.ts";
import { checkLocalPassword } from "./local_auth.ts";
import { LoginFailure } from "./login_failure.ts";
import {
  type PendingLogin,
  tellFailure,
  WRONG_PASSWORD_MS,
} from "./pending_login.ts";
import type { SharedPorts } from "./shared_ports.ts";
import { openUpstream, type UpstreamPorts } from "./open_upstream.ts";
import {
  chooseRoute,
  type ProxyListener,
  type Route,
  upstreamParameters,
} from "./route.ts";
import { isTerminated, postgresClosingMessage } from "./closing_message.ts";
import { Session } from "./session.ts";
import { within } from "../../core/ports/within.ts";

/** How long a client may take to say what it wants, in milliseconds. */
const STARTUP_MS = 10_000;

/** How long it may take to give its password, in milliseconds. */
const PASSWORD_MS = 30_000;

/** How long the database may take to let it in, its turn included, in milliseconds. */
const UPSTREAM_MS = 60_000;

/** What serving clients of PostgreSQL works with besides. */
export interface ServePorts extends SharedPorts, UpstreamPorts {
  /** What the local password is checked by, where a listener needs one. */
  verifier: ScramVerifier;
  cancelKeys: CancelKeys;
  /** A new SCRAM nonce. */
  nonce: () => string;
}

/** Serves one connection: start-up, the local password, the database's login, then the session until its end. */
export async function serveClient(
  accepted: AcceptedStream,
  listener: ProxyListener,
  ports: ServePorts,
): Promise<void> {
  const client = new Connection(accepted);
  const pending: PendingLogin = { client, target: undefined };
  try {
    await receive(pending, listener, ports);
  } catch (error) {
    const failure = error instanceof SyntaxError ? violation(error) : error;
    await tellFailure(pending, failure, ({ answer }) => answer, ports);
  } finally {
    client.close();
  }
}

async function receive(
  pending: PendingLogin,
  listener: ProxyListener,
  ports: ServePorts,
) {
  const { client } = pending;
  const { clock } = ports;
  using halfOpen = takeHalfOpen(
    client,
    ports,
    () => tooMany("logins under way", ports.halfOpen),
  );
  const opening = await within(
    clock,
    STARTUP_MS,
    () => tooSlow("start-up"),
    () => negotiate(client),
  );
  if (opening === undefined) return;
  if (opening.parameters === undefined) {
    const route = ports.cancelKeys.find(cancelKeyOf(opening.packet));
    if (route !== undefined) await cancel(client, opening, route, ports);
    return;
  }
  const agreed = agreeOnProtocol(opening.minor, opening.parameters);
  if (!listener.isShared) pending.target = listener.targets[0]?.name;
  if (agreed.answer !== undefined) await client.write(agreed.answer);
  if (listener.needsPassword && !await admit(client, opening, ports)) return;
  // Not before: strangers need not know the names of the targets, nor take the places of others.
  const route = chooseRoute(listener, agreed.parameters, ports.anyUser);
  pending.target = route.name;
  using slot = ports.connections.take();
  if (slot === undefined) throw tooMany("connections", ports.connections);
  await serve(client, opening, agreed, route, halfOpen, ports);
}

/** Whether the client knows the local password; `false` when it left. */
async function admit(
  client: Connection,
  { buffer, parameters }: Opening,
  { verifier, clock, nonce }: ServePorts,
): Promise<boolean> {
  const isRight = await within(
    clock,
    PASSWORD_MS,
    () => tooSlow("authentication"),
    () => checkLocalPassword(client, buffer, verifier, nonce()),
  );
  if (isRight !== false) return isRight === true;
  await clock.sleep(WRONG_PASSWORD_MS);
  throw new LoginFailure("local-password", {
    code: "28P01",
    message: `password authentication failed for user "${
      parameters?.get("user") ?? ""
    }"`,
    hint: "Use the local password that rdsiam proxy was started with",
  });
}

async function serve(
  client: Connection,
  opening: Opening,
  { minor, parameters }: AgreedProtocol,
  route: Route,
  halfOpen: Disposable,
  ports: ServePorts,
) {
  const { clock, report } = ports;
  const { target } = route;
  const upstream = await within(
    clock,
    UPSTREAM_MS,
    () => upstreamTooSlow(),
    (stop) =>
      openUpstream(
        {
          target,
          minor,
          parameters: upstreamParameters(route, parameters),
        },
        (bytes) => client.write(bytes),
        ports,
        stop,
      ),
    ports.signal,
  );
  halfOpen[Symbol.dispose]();
  const { connection, cancelKey, address, connectMs, loginMs } = upstream;
  const { name } = route;
  const who = { client: client.remoteHost, target: name };
  const { username, database } = target;
  report({ kind: "login", ...who, username, database, connectMs, loginMs });
  const unread = upstream.buffer.takeRest();
  const session = new Session(
    name,
    postgresClosingMessage(unread.length === 0),
  );
  ports.sessions.add(session);
  using _key = cancelKey &&
    ports.cancelKeys.add(cancelKey, { target, address });
  const start = clock.now();
  try {
    if (ports.signal.aborted) session.end();
    await client.write(unread);
    await connection.write(opening.buffer.takeRest());
    const end = await session.run(
      client,
      connection,
      clock,
      upstream.failure,
    );
    const durationMs = clock.now() - start;
    const endedBy = isTerminated(end.clientTail) ? "client" : end.endedBy;
    report({ kind: "end", ...who, endedBy, ...session.counts, durationMs });
  } finally {
    connection.close();
    ports.sessions.delete(session);
  }
}

/** Carries a cancel request to where its session is; the client may wait for the end to know that it arrived. */
async function cancel(
  client: Connection,
  { packet }: Opening,
  { target, address }: CancelRoute,
  { clock, dialer, report, signal }: ServePorts,
) {
  report({ kind: "cancel", client: client.remoteHost, target: target.host });
  await within(clock, UPSTREAM_MS, upstreamTooSlow, async (stop) => {
    const connection = new Connection(
      await dialer.dial(target, stop, address),
    );
    const close = () => connection.close();
    stop.addEventListener("abort", close);
    await connection.write(packet);
    await connection.discard(Infinity);
    stop.removeEventListener("abort", close);
    close();
  }, signal);
}

function violation(error: SyntaxError): LoginFailure {
  return new LoginFailure(
    "protocol",
    { code: "08P01", message: `invalid message: ${error.message}` },
    // PostgreSQL closes in silence, too: who speaks something else would not understand.
    error instanceof NotPostgres ? { answer: new Uint8Array() } : {},
  );
}

function tooSlow(what: string): LoginFailure {
  return new LoginFailure("timeout", {
    code: "57014", // as PostgreSQL's own authentication_timeout
    message: `canceling ${what} due to timeout`,
  });
}

function upstreamTooSlow(): LoginFailure {
  return new LoginFailure("unreachable", {
    code: "08006",
    message: "the database did not answer in time",
  });
}

function tooMany(what: string, { limit }: Quota): LoginFailure {
  return new LoginFailure("limit", {
    code: "53300",
    message: `the proxy has as many ${what} as it takes: ${limit}`,
    hint: "Try again in a moment",
  });
}
