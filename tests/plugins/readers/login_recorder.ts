import {
  authenticationCleartextPassword,
  decodePassword,
} from "../../../core/pgwire/authentication.ts";
import { fatalError } from "../../../core/pgwire/error_response.ts";
import { PacketBuffer } from "../../../core/pgwire/packet_buffer.ts";
import { decodeStartupPacket } from "../../../core/pgwire/startup_packet.ts";

/** What a client logged in with. */
export interface RecordedLogin {
  username: string | undefined;
  database: string | undefined;
  password: string;
}

/** A server on 127.0.0.1 that asks every client for its password, keeps it, and refuses the login. */
export class LoginRecorder implements AsyncDisposable {
  /** Logins by the name of their application. */
  readonly logins = new Map<string, RecordedLogin>();
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #served: Promise<void>;

  constructor() {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#served = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#served;
  }

  async #serve() {
    const served: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      served.push(this.#record(connection));
    }
    await Promise.all(served);
  }

  async #record(connection: Deno.TcpConn) {
    using _closed = connection;
    const packets = new PacketBuffer();
    const chunk = new Uint8Array(16_384);
    async function isMore() {
      const length = await connection.read(chunk);
      packets.push(chunk.slice(0, length ?? 0));
      return length !== null;
    }
    let login: Omit<RecordedLogin, "password"> | undefined;
    let application = "";
    while (await isMore()) {
      const packet = login === undefined && packets.takeStartupPacket();
      if (packet) {
        const startup = decodeStartupPacket(packet);
        if (startup.kind !== "startup") {
          await connection.write(new TextEncoder().encode("N"));
          continue;
        }
        const { parameters } = startup;
        login = {
          username: parameters.get("user"),
          database: parameters.get("database"),
        };
        application = parameters.get("application_name") ?? "";
        await connection.write(authenticationCleartextPassword());
        continue;
      }
      const message = login && packets.takeMessage();
      if (login === undefined || message === undefined) continue;
      this.logins.set(application, {
        ...login,
        password: decodePassword(message),
      });
      const refusal = { code: "28P01", message: "recorded" };
      await connection.write(fatalError(refusal));
      return;
    }
  }
}
