import { encodeFastAuthSuccess } from "../../../core/mysqlwire/authentication.ts";
import type { MysqlDialer } from "../../../core/database/mysql_dialer.ts";
import {
  decodeError,
  encodeError,
} from "../../../core/mysqlwire/error_packet.ts";
import { SALT_BYTES } from "../../../core/mysqlwire/greeting.ts";
import { replaceInfo } from "../../../core/mysqlwire/ok_packet.ts";
import {
  certificateProof,
  saltOf,
} from "../../../core/mysqlwire/password_proof.ts";
import { errorMessage, RdsiamError } from "../../../core/errors.ts";
import type { AcceptedStream } from "../../../core/ports/streams.ts";
import type { Secret } from "../../../core/secret.ts";
import type { NamedTarget } from "../../../core/target/named_target.ts";
import type { Target } from "../../../core/target/target.ts";
import { Connection } from "../../connection/connection.ts";
import { enterLobby } from "../lobby.ts";
import type { Door } from "../route.ts";
import { Session } from "../session.ts";
import type { SharedPorts } from "../shared_ports.ts";
import { tellFailure, type Visit, WRONG_PASSWORD_MS } from "../visit.ts";
import { within } from "../../connection/within.ts";
import { ERRORS, mysqlFailure } from "./failures.ts";
import { greetClient, knowsPassword, type LocalLogin } from "./local_login.ts";
import { PacketStream } from "./packet_stream.ts";
import type { Turns } from "./turns.ts";
import {
  type GreetedUpstream,
  leaveUpstream,
  logInUpstream,
  meetUpstream,
  MysqlTokenRefused,
} from "./upstream.ts";

/** How long a login may wait until others have said who they are, in milliseconds. */
const TURN_MS = 10_000;

/** How long the database may take to greet, in milliseconds. */
const GREETING_MS = 12_000;

/** How long a client may take to log in, in milliseconds: the database waits 10 seconds for it by default. */
const LOCAL_MS = 8_000;

/** How long a login may wait for its turn at the database, in milliseconds. */
const PACE_MS = 5_000;

/** How long signing, TLS and the database's login may take, in milliseconds. */
const UPSTREAM_MS = 30_000;

/** How long a server has to answer who leaves, in milliseconds. */
const LEAVE_MS = 2_000;

/** What serving clients of MySQL and MariaDB works with besides. */
export interface MysqlPorts extends SharedPorts {
  dialer: MysqlDialer;
  /** What clients prove to know, where a door needs it. */
  password: Secret;
  /** So many random bytes. */
  random: (length: number) => Uint8Array;
  /** How many of a database's connections are held for clients that have not said who they are. */
  turnsOf: (target: Target) => Turns;
  /** The SHA-256 of the certificate that clients are shown, where its key is proven by the password. */
  fingerprint: Uint8Array | undefined;
}

/**
 * Serves one connection. The database is dialled first: what it says of itself, its number of the session included, is
 * what the client must hear before it says anything.
 */
export async function serveMysqlClient(
  accepted: AcceptedStream,
  door: Door,
  ports: MysqlPorts,
): Promise<void> {
  const client = new Connection(accepted);
  const visit: Visit = { client, target: door.targets[0]?.name };
  const stream = new PacketStream(client);
  const greeted = { isGreeted: false };
  try {
    await receive(stream, greeted, door, ports);
  } catch (error) {
    const failure = error instanceof SyntaxError
      ? mysqlFailure("protocol", ERRORS.handshake, error.message)
      : error;
    await tellFailure(visit, failure, ({ answer }) =>
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
  door: Door,
  ports: MysqlPorts,
) {
  using lobby = enterLobby(
    client.connection,
    ports,
    () => tooMany("logins under way", ports.halfOpen.limit),
  );
  const [entry] = door.targets;
  if (entry === undefined) throw new Error("A door without a target");
  using turn = await takeTurn(entry.target, ports);
  const upstream = await within(
    ...[ports.clock, GREETING_MS, notInTime],
    (stop) => meetUpstream(entry.target, ports.dialer, stop),
    ports.signal,
  );
  let isIn = false;
  try {
    greeted.isGreeted = true;
    const login = await admit(client, upstream, door, ports);
    if (login === undefined) return;
    turn[Symbol.dispose]();
    using seat = ports.connections.take();
    if (seat === undefined) {
      throw tooMany("connections", ports.connections.limit);
    }
    const route = routeOf(entry, login, ports.anyUser);
    const begun = await logIn(client, upstream, login, route.target, ports);
    isIn = true;
    lobby[Symbol.dispose]();
    await serve(client, upstream, route, begun, ports);
  } finally {
    if (isIn) upstream.stream.connection.close();
    else await leave(upstream, ports);
  }
}

async function takeTurn(target: Target, ports: MysqlPorts) {
  const { clock, turnsOf, signal } = ports;
  const turn = await within(
    ...[clock, TURN_MS, () => tooMany("logins under way", 0)],
    (stop) => turnsOf(target).take(stop),
    signal,
  );
  if (turn === undefined) throw new Error("The proxy ends");
  return turn;
}

/** Lets a client log in with the local password; `undefined` when it left. */
async function admit(
  client: PacketStream,
  upstream: GreetedUpstream,
  door: Door,
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
  if (!door.needsPassword || await knowsPassword(login, password)) return login;
  await clock.sleep(WRONG_PASSWORD_MS);
  const user = new TextDecoder().decode(login.response.username);
  const { remoteHost } = client.connection;
  const used = login.proof.length > 1 ? "YES" : "NO";
  throw mysqlFailure(
    "local-password",
    ERRORS.denied,
    `Access denied for user '${user}'@'${remoteHost}' (using password: ${used})`,
    {
      hint: "Use the local password that rdsiam proxy was started with",
    },
  );
}

interface Begun {
  connectMs: number;
  loginMs: number;
}

/** Logs in to the database and tells the client so. */
async function logIn(
  client: PacketStream,
  upstream: GreetedUpstream,
  login: LocalLogin,
  target: Target,
  ports: MysqlPorts,
): Promise<Begun> {
  const { clock, tokens, paceOf } = ports;
  const start = clock.now();
  if (!await paceOf(target).pass(PACE_MS, ports.signal)) {
    throw mysqlFailure(
      "limit",
      ERRORS.tooMany,
      "too many logins wait for their turn at the database",
      {
        hint: "Try again in a moment; --connect-rate of the proxy is the limit",
      },
    );
  }
  const paced = clock.now();
  let ok: Uint8Array;
  try {
    ok = await within(
      ...[clock, UPSTREAM_MS, notInTime],
      async () => {
        const token = await sign(async () => (await tokens.get(target)).secret);
        return await logInUpstream(upstream, login.response, target, token);
      },
      ports.signal,
    );
  } catch (error) {
    // The client's number of the session is of this connection: another one cannot take its place, as for PostgreSQL.
    if (error instanceof MysqlTokenRefused) tokens.forget(target);
    throw error;
  }
  const answer = await withProof(ok, login, ports);
  const isFast = login.plugin === "caching_sha2_password" &&
    login.proof.length > 1;
  await client.write(...(isFast ? [encodeFastAuthSuccess()] : []), answer);
  return { connectMs: paced - start, loginMs: clock.now() - paced };
}

/** What makes clients of MariaDB trust a certificate that comes from no root: that its owner knows the password. */
async function withProof(
  ok: Uint8Array,
  { isEncrypted, plugin, salt, response }: LocalLogin,
  { fingerprint, password }: MysqlPorts,
): Promise<Uint8Array> {
  if (!isEncrypted || fingerprint === undefined) return ok;
  if (plugin !== "mysql_native_password") return ok;
  const proof = await certificateProof(password.reveal(), salt, fingerprint);
  return replaceInfo(ok, proof, response.capabilities);
}

async function sign(make: () => Promise<Secret>): Promise<Secret> {
  try {
    return await make();
  } catch (cause) {
    const message = errorMessage(cause);
    const hint = cause instanceof RdsiamError ? cause.hint : undefined;
    throw mysqlFailure("credentials", ERRORS.unknown, message, { hint, cause });
  }
}

/** The target, with the user and the database of this client. */
function routeOf(
  { name, target }: NamedTarget,
  { response }: LocalLogin,
  anyUser: boolean,
): NamedTarget {
  const decoder = new TextDecoder();
  const user = decoder.decode(response.username);
  const database = decoder.decode(response.database);
  return {
    name,
    target: {
      ...target,
      username: anyUser && user !== "" ? user : target.username,
      database: database === "" ? target.database : database,
    },
  };
}

async function serve(
  client: PacketStream,
  { stream: upstream }: GreetedUpstream,
  { name, target }: NamedTarget,
  { connectMs, loginMs }: Begun,
  { clock, report, sessions, signal }: MysqlPorts,
) {
  const { username, database } = target;
  const who = { client: client.connection.remoteHost, target: name };
  report({ kind: "login", ...who, username, database, connectMs, loginMs });
  // Between commands a client hears nothing; that the connection ends is all that can be told.
  const session = new Session(name, () => new Uint8Array());
  sessions.add(session);
  const start = clock.now();
  try {
    if (signal.aborted) session.end();
    await client.connection.write(upstream.takeRest());
    await upstream.connection.write(client.takeRest());
    const { endedBy } = await session.run(
      client.connection,
      upstream.connection,
      clock,
    );
    const durationMs = clock.now() - start;
    report({ kind: "end", ...who, endedBy, ...session.counts, durationMs });
  } finally {
    sessions.delete(session);
  }
}

/** Leaves a server at which nobody is logged in. */
async function leave(upstream: GreetedUpstream, { clock }: MysqlPorts) {
  const done = new AbortController();
  await Promise.race([
    leaveUpstream(upstream),
    clock.sleep(LEAVE_MS, done.signal),
  ]);
  done.abort();
  upstream.stream.connection.close();
}

function notInTime() {
  return mysqlFailure(
    "unreachable",
    ERRORS.unknown,
    "the database did not answer in time",
  );
}

function tooMany(what: string, limit: number) {
  return mysqlFailure(
    "limit",
    ERRORS.tooMany,
    limit > 0
      ? `the proxy has as many ${what} as it takes: ${limit}`
      : `the proxy has too many ${what}`,
    { hint: "Try again in a moment" },
  );
}
