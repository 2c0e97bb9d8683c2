import type { AcceptedStream } from "../../../core/ports/streams.ts";
import { CAPABILITIES, hasFlag } from "../../../core/mysqlwire/capabilities.ts";
import {
  decodeError,
  encodeError,
} from "../../../core/mysqlwire/error_packet.ts";
import { SALT_BYTES } from "../../../core/mysqlwire/greeting.ts";
import { saltOf } from "../../../core/mysqlwire/password_proof.ts";
import type { NamedTarget, Target } from "../../../core/target/target.ts";
import { Connection } from "../../connection/connection.ts";
import { takeHalfOpen } from "../limits.ts";
import type { ProxyListener } from "../route.ts";
import { Session } from "../session.ts";
import {
  type PendingLogin,
  tellFailure,
  WRONG_PASSWORD_MS,
} from "../pending_login.ts";
import { within } from "../../../core/ports/within.ts";
import { changeUser } from "./change_user.ts";
import { mysqlClosingMessage } from "./closing_message.ts";
import { CommandWatch } from "./command_watch.ts";
import {
  ERRORS,
  mysqlFailure,
  notInTime,
  tooMany,
  wrongPassword,
} from "./failures.ts";
import { greetClient, knowsPassword, type LocalLogin } from "./local_login.ts";
import {
  type Accepted,
  logInWithToken,
  welcome,
  withCertificateProof,
} from "./log_in.ts";
import { PacketStream } from "./packet_stream.ts";
import type { MysqlPorts } from "./ports.ts";
import { chooseMysqlRoute } from "./route.ts";
import {
  connectUpstream,
  type GreetedUpstream,
  logInUpstream,
  quitUpstream,
} from "./upstream.ts";

/** How long a login may wait until others have said who they are, in milliseconds. */
const TURN_MS = 10_000;

/** How long the database may take to greet, in milliseconds. */
const GREETING_MS = 12_000;

/** How long a client may take to log in, in milliseconds: the database waits 10 seconds for it by default. */
const LOCAL_MS = 8_000;

/** How long a server has to answer who leaves, in milliseconds. */
const LEAVE_MS = 2_000;

/**
 * Serves one connection. The database is dialled first: what it says of itself, its number of the session included, is
 * what the client must hear before it says anything.
 */
export async function serveMysqlClient(
  accepted: AcceptedStream,
  listener: ProxyListener,
  ports: MysqlPorts,
): Promise<void> {
  const client = new Connection(accepted);
  const pending: PendingLogin = { client, target: listener.targets[0]?.name };
  const stream = new PacketStream(client);
  const greeted = { isGreeted: false };
  try {
    await receive(stream, greeted, listener, ports);
  } catch (error) {
    const failure = error instanceof SyntaxError
      ? mysqlFailure("protocol", ERRORS.handshake, error.message)
      : error;
    await tellFailure(pending, failure, ({ answer }) =>
      stream.frame(
        greeted.isGreeted ? answer : encodeError(decodeError(answer), true),
      ), ports);
  } finally {
    client.close();
  }
}

async function receive(
  client: PacketStream,
  greeted: { isGreeted: boolean },
  listener: ProxyListener,
  ports: MysqlPorts,
) {
  using halfOpen = takeHalfOpen(
    client.connection,
    ports,
    () => tooMany("logins under way", ports.halfOpen.limit),
  );
  const [entry] = listener.targets;
  if (entry === undefined) throw new Error("A listener without a target");
  using turn = await takeTurn(entry.target, ports);
  const upstream = await within(
    ...[ports.clock, GREETING_MS, notInTime],
    (stop) => connectUpstream(entry.target, ports.dialer, stop),
    ports.signal,
  );
  let isIn = false;
  try {
    greeted.isGreeted = true;
    const login = await admit(client, upstream, listener, ports);
    if (login === undefined) return;
    turn[Symbol.dispose]();
    using slot = ports.connections.take();
    if (slot === undefined) {
      throw tooMany("connections", ports.connections.limit);
    }
    const route = chooseMysqlRoute(entry, login.response, ports.anyUser);
    const accepted = await logInWithToken(
      route.target,
      ports,
      (token) => logInUpstream(upstream, login.response, route.target, token),
    );
    const ok = await withCertificateProof(accepted.ok, login, ports);
    await client.write(...welcome(login, ok));
    isIn = true;
    halfOpen[Symbol.dispose]();
    await serve({ client, upstream, login, listener, ports }, route, accepted);
  } finally {
    if (isIn) upstream.stream.connection.close();
    else await leave(upstream, ports);
  }
}

async function takeTurn(target: Target, ports: MysqlPorts) {
  const { clock, semaphoreOf, signal } = ports;
  const turn = await within(
    ...[clock, TURN_MS, () => tooMany("logins under way", 0)],
    (stop) => semaphoreOf(target).take(stop),
    signal,
  );
  if (turn === undefined) throw new Error("The proxy ends");
  return turn;
}

/** Lets a client log in with the local password; `undefined` when it left. */
async function admit(
  client: PacketStream,
  upstream: GreetedUpstream,
  listener: ProxyListener,
  { clock, random, password }: MysqlPorts,
): Promise<LocalLogin | undefined> {
  const salt = saltOf(random(SALT_BYTES));
  const login = await within(
    clock,
    LOCAL_MS,
    () =>
      mysqlFailure(
        "timeout",
        ERRORS.tooSlow,
        "the login took too long",
      ),
    () => greetClient(client, upstream.greeting, salt),
  );
  if (login === undefined) return undefined;
  if (!listener.needsPassword || await knowsPassword(login, password)) {
    return login;
  }
  await clock.sleep(WRONG_PASSWORD_MS);
  throw wrongPassword(
    login.response.username,
    client.connection.remoteHost,
    login.proof.length > 1,
  );
}

/** A client and a server that are both logged in. */
interface Pair {
  client: PacketStream;
  upstream: GreetedUpstream;
  login: LocalLogin;
  listener: ProxyListener;
  ports: MysqlPorts;
}

async function serve(
  pair: Pair,
  { name, target }: NamedTarget,
  { connectMs, loginMs }: Accepted,
) {
  const { client } = pair;
  const { stream: upstream } = pair.upstream;
  const { clock, report, sessions, signal } = pair.ports;
  const { username, database } = target;
  const who = { client: client.connection.remoteHost, target: name };
  report({ kind: "login", ...who, username, database, connectMs, loginMs });
  const watch = watched(pair);
  const session = new Session(name, mysqlClosingMessage(() => watch.awaited));
  sessions.add(session);
  const start = clock.now();
  try {
    if (signal.aborted) session.end();
    await client.connection.write(upstream.takeRest());
    const { endedBy } = await session.run(
      new Connection({ stream: watch, remoteHost: who.client }),
      upstream.connection,
      clock,
      pair.upstream.failure,
    );
    const durationMs = clock.now() - start;
    report({ kind: "end", ...who, endedBy, ...session.counts, durationMs });
  } finally {
    sessions.delete(session);
  }
}

/** The client, with changes of users answered here; compressed, they cannot be told from the rest. */
function watched(pair: Pair): CommandWatch {
  const { client: { connection }, upstream, login } = pair;
  const { capabilities } = login.response;
  const agreed = capabilities & upstream.greeting.capabilities;
  const isCompressed = hasFlag(
    agreed,
    CAPABILITIES.COMPRESS | CAPABILITIES.ZSTD,
  );
  return new CommandWatch(
    connection,
    upstream.stream.connection,
    isCompressed
      ? undefined
      : (exchange) => changeUser(exchange, { ...pair, capabilities: agreed }),
    pair.client.takeRest(),
  );
}

/** Leaves a server at which nobody is logged in. */
async function leave(upstream: GreetedUpstream, { clock }: MysqlPorts) {
  const done = new AbortController();
  await Promise.race([
    quitUpstream(upstream),
    clock.sleep(LEAVE_MS, done.signal),
  ]);
  done.abort();
  upstream.stream.connection.close();
}
