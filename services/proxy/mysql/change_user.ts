import { encodeAuthSwitch } from "../../../core/mysqlwire/authentication.ts";
import {
  type ChangeUser,
  decodeChangeUser,
  encodeChangeUser,
} from "../../../core/mysqlwire/change_user.ts";
import { SALT_BYTES } from "../../../core/mysqlwire/greeting.ts";
import { proofOfNothing } from "../../../core/mysqlwire/handshake_response.ts";
import {
  isPasswordPlugin,
  saltOf,
} from "../../../core/mysqlwire/password_proof.ts";
import type { Secret } from "../../../core/secret.ts";
import type { NamedTarget } from "../../../core/target/target.ts";
import type { Connection } from "../../connection/connection.ts";
import { LoginFailure } from "../login_failure.ts";
import type { ProxyListener } from "../route.ts";
import { reportFailure, WRONG_PASSWORD_MS } from "../pending_login.ts";
import type { Exchange } from "./command_watch.ts";
import { wrongPassword } from "./failures.ts";
import {
  knowsPassword,
  type LocalLogin,
  type LocalProof,
} from "./local_login.ts";
import { logInWithToken, welcome } from "./log_in.ts";
import type { PacketStream } from "./packet_stream.ts";
import type { MysqlPorts } from "./ports.ts";
import { chooseMysqlRoute } from "./route.ts";
import {
  answerTokenRequest,
  type GreetedUpstream,
  readable,
} from "./upstream.ts";

/** The session whose user is to be changed. */
export interface ChangeUserOptions {
  client: PacketStream<Connection>;
  upstream: GreetedUpstream;
  /** How the client logged in. */
  login: LocalLogin;
  listener: ProxyListener;
  /** What client and server agreed on. */
  capabilities: number;
  ports: MysqlPorts;
}

/**
 * Changes the user of a session, as pools do before they lend it again: the client proves the local password anew, and
 * the database is sent a token. What fails ends the session, as the server itself does then.
 *
 * @returns whether the session goes on
 */
export async function changeUser(
  exchange: Exchange,
  options: ChangeUserOptions,
): Promise<boolean> {
  const { client } = exchange;
  const { listener, ports } = options;
  const [entry] = listener.targets;
  const command = await client.read();
  if (command === undefined || entry === undefined) return false;
  try {
    const asked = decodeChangeUser(command, options.capabilities);
    const proof = await proveAnew(exchange, asked, options);
    if (proof === undefined) return false;
    const route = chooseMysqlRoute(entry, asked, ports.anyUser);
    const { ok, ...times } = await logInWithToken(
      route.target,
      ports,
      (token) => changeUpstream(exchange, asked, route, token, options),
    );
    const { username, database } = route.target;
    const { remoteHost } = options.client.connection;
    ports.report({
      ...{ kind: "login", client: remoteHost, target: route.name },
      ...{ username, database, ...times },
    });
    await client.write(...welcome(proof, ok));
    return true;
  } catch (error) {
    if (!(error instanceof LoginFailure)) throw error;
    const { remoteHost } = options.client.connection;
    const who = { client: remoteHost, target: entry.name };
    reportFailure(who, error, ports.report);
    await client.write(error.answer);
    return false;
  }
}

/** The client's proof of the local password; `undefined` when it left. */
async function proveAnew(
  { client }: Exchange,
  asked: ChangeUser,
  { login, listener, ports, client: { connection } }: ChangeUserOptions,
): Promise<LocalProof | undefined> {
  const { password, random, clock } = ports;
  const plugin = isPasswordPlugin(asked.plugin) ? asked.plugin : login.plugin;
  const first = { plugin, salt: login.salt, proof: asked.proof };
  if (!listener.needsPassword || await knowsPassword(first, password)) {
    return first;
  }
  // It may have made its proof of another plugin, or of none yet.
  const salt = saltOf(random(SALT_BYTES));
  await client.write(encodeAuthSwitch(plugin, salt));
  const proof = await client.read();
  if (proof === undefined) return undefined;
  const second = { plugin, salt, proof };
  if (await knowsPassword(second, password)) return second;
  await clock.sleep(WRONG_PASSWORD_MS);
  throw wrongPassword(
    asked.username,
    connection.remoteHost,
    proof.length > 1,
  );
}

async function changeUpstream(
  { upstream }: Exchange,
  asked: ChangeUser,
  { target }: NamedTarget,
  token: Secret,
  { upstream: { greeting }, capabilities }: ChangeUserOptions,
): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const { plugin } = greeting;
  try {
    await upstream.write(encodeChangeUser({
      ...asked,
      username: encoder.encode(target.username),
      proof: proofOfNothing(plugin),
      database: encoder.encode(target.database),
      plugin,
    }, capabilities));
    return await answerTokenRequest(upstream, target, token);
  } catch (error) {
    throw readable(error);
  }
}
