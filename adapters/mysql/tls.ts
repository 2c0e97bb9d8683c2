import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
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
import { atMost } from "../../core/ports/within.ts";
import { MysqlLoginRefused } from "../../core/database/mysql_login_refusal.ts";
import {
  dialTls,
  next,
  NotMysql,
  TlsIsOff,
  type TlsLogin,
} from "../postgres/tls.ts";
import { systemClock } from "../process/clock.ts";

/** How long a server may take to greet, in milliseconds; those of other protocols wait for their clients to begin. */
const GREETING_MS = 6_000;

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
  let response: Uint8Array | undefined;
  const socket = await dialTls(login, timeoutMs, async (socket) => {
    const reading = readGreeting(socket);
    const greeting = await atMost(systemClock, GREETING_MS, reading);
    if (greeting === undefined) throw new NotMysql();
    const empty = emptyResponse(greeting);
    const asking = {
      ...empty,
      capabilities: changeFlags(empty.capabilities, { add: CAPABILITIES.SSL }),
    };
    response = encodeHandshakeResponse(asking);
    socket.write(encodePacket(1, encodeSslRequest(asking)));
  });
  return {
    socket,
    async leave() {
      if (response !== undefined) socket.write(encodePacket(2, response));
      const answer = next(socket, "data").catch(() => {});
      await atMost(systemClock, FAREWELL_MS, answer);
      socket.destroy();
    },
  };
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
