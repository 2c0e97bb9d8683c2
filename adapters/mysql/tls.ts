import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import {
  CAPABILITIES,
  changeFlags,
  hasFlag,
} from "../../core/mysqlwire/capabilities.ts";
import { decodeError } from "../../core/mysqlwire/error_packet.ts";
import {
  decodeGreeting,
  type Greeting,
} from "../../core/mysqlwire/greeting.ts";
import {
  emptyResponse,
  encodeHandshakeResponse,
  encodeSslRequest,
} from "../../core/mysqlwire/handshake_response.ts";
import { encodePacket, LoginPackets } from "../../core/mysqlwire/packet.ts";
import { RdsiamError } from "../../core/errors.ts";
import { MysqlLoginRefused } from "../../core/database/mysql_login_refusal.ts";
import { explainDialError } from "../postgres/dial_errors.ts";
import {
  DialTimeout,
  next,
  NotMysql,
  TlsIsOff,
  type TlsLogin,
  tlsOptions,
} from "../postgres/tls.ts";

/** How long a server may take over what a client says that leaves, in milliseconds. */
const FAREWELL_MS = 1_000;

/** A server of MySQL or MariaDB in TLS, before the login. */
export interface GreetedServer {
  socket: TLSSocket;
  /**
   * Ends the connection in a way that the server takes for a refused login: it shuts hosts out that leave in the middle
   * too often (`max_connect_errors`).
   */
  leave(): Promise<void>;
}

/**
 * Connects to MySQL or MariaDB and starts TLS, verified as the login says.
 *
 * @param timeoutMs how long connecting, the greeting and TLS may take together
 * @throws {RdsiamError} `unreachable`, with what stood in the way; what the server says in the place of a greeting
 */
export async function dialMysql(
  login: TlsLogin,
  timeoutMs: number,
): Promise<GreetedServer> {
  const options = tlsOptions(login);
  let socket: Socket = connect(login.near ?? login.address);
  const timer = setTimeout(() => socket.destroy(new DialTimeout()), timeoutMs);
  try {
    await next(socket, "connect");
    socket.setNoDelay(true);
    const greeting = await readGreeting(socket);
    const response = emptyResponse(greeting);
    const asking = {
      ...response,
      capabilities: changeFlags(response.capabilities, {
        add: CAPABILITIES.SSL,
      }),
    };
    socket.write(encodePacket(1, encodeSslRequest(asking)));
    const secure = connectTls({ ...options, socket });
    socket = secure;
    await next(secure, "secureConnect");
    return {
      socket: secure,
      async leave() {
        secure.write(encodePacket(2, encodeHandshakeResponse(asking)));
        const patience = setTimeout(() => secure.destroy(), FAREWELL_MS);
        await next(secure, "data").catch(() => {});
        clearTimeout(patience);
        secure.destroy();
      },
    };
  } catch (cause) {
    socket.destroy();
    throw cause instanceof RdsiamError ? cause : explainDialError(cause, login);
  } finally {
    clearTimeout(timer);
  }
}

async function readGreeting(socket: Socket): Promise<Greeting> {
  const packets = new LoginPackets();
  for (;;) {
    packets.push(await next<Uint8Array>(socket, "data"));
    const packet = readable(() => packets.take());
    if (packet === undefined) continue;
    // They would pass as sent within TLS.
    if (packets.takeRest().length > 0) throw new NotMysql();
    if (packet.body[0] === 0xff) {
      const { code: number, message } = readable(() =>
        decodeError(packet.body)
      );
      throw new MysqlLoginRefused({ number, message, asked: "something-else" });
    }
    const greeting = readable(() => decodeGreeting(packet.body));
    if (hasFlag(greeting.capabilities, CAPABILITIES.SSL)) return greeting;
    throw new TlsIsOff();
  }
}

function readable<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new NotMysql({ cause });
  }
}
