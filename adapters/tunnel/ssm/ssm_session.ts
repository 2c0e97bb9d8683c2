import type { Clock } from "../../../core/ports/clock.ts";
import { TunnelError, type TunnelFault } from "../../../core/tunnel/fault.ts";
import type { TunnelConn } from "../../../core/tunnel/ports.ts";
import {
  type ChannelEvent,
  DataChannel,
  MESSAGE_BYTES,
} from "../../../core/tunnel/ssm/data_channel.ts";
import {
  CLIENT_VERSION,
  isNewEnough,
} from "../../../core/tunnel/ssm/handshake.ts";
import { MuxStreams } from "./mux_streams.ts";
import {
  CONNECT_ERROR,
  ENCRYPTED,
  HANDSHAKE_MS,
  LOST,
  NO_CHANNEL,
  NO_HANDSHAKE,
  OLD_AGENT,
  OVER,
} from "./session_faults.ts";
import type { SsmApi, StartedSession } from "./ssm_api.ts";
import { type FramedSocket, openWebSocket } from "./web_socket.ts";

/** How often what was not acknowledged is looked at, in milliseconds. */
const RESEND_MS = 100;

/** How long to wait after a message, in milliseconds: as AWS's own plugin, which the service is made for. */
const PACE_MS = 1;

/** After how long without a message one is sent that changes nothing, in milliseconds. */
const KEEP_ALIVE_MS = 300_000;

/** How long nothing may be acknowledged until the channel is opened anew, in milliseconds. */
const STALE_MS = 15_000;

/** Waits between tries to get a lost channel back, in milliseconds. */
const RESUME_WAITS_MS = [0, 200, 1_000, 3_000, 10_000];

/** What a session is made of. */
export interface SsmSessionOptions {
  /** The tunnel, as messages name it. */
  name: string;
  api: SsmApi;
  clock: Clock;
  started: StartedSession;
}

/** A session of Systems Manager that forwards many connections to one address. */
export class SsmSession implements AsyncDisposable {
  readonly #options: SsmSessionOptions;
  readonly #channel: DataChannel;
  readonly #streams = new MuxStreams((bytes) => this.#send(bytes));
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<TunnelError | undefined>();
  readonly #end = new AbortController();
  #socket: FramedSocket | undefined;
  #sending: Promise<void> = Promise.resolve();
  #sentAt = 0;
  #connectedAt = 0;
  #connectErrors = 0;
  #error: TunnelError | undefined;

  constructor(options: SsmSessionOptions) {
    this.#options = options;
    const { clock } = options;
    this.#channel = new DataChannel({
      now: () => clock.now(),
      uuid: () => crypto.randomUUID(),
    });
    this.#ready.promise.catch(() => {});
  }

  /** Whether connections can be opened. */
  get isUp(): boolean {
    return this.#error === undefined && !this.#end.signal.aborted;
  }

  /** Resolves when it has ended: with why, where that was not our doing. */
  get ended(): Promise<TunnelError | undefined> {
    return this.#ended.promise;
  }

  /**
   * Opens the channel and shakes hands.
   *
   * @throws {TunnelError} when it does not come about
   */
  async open(signal: AbortSignal): Promise<void> {
    const stop = () => this.#fail(NO_HANDSHAKE);
    const { clock, started } = this.#options;
    const done = new AbortController();
    clock.sleep(HANDSHAKE_MS, done.signal).then(() => {
      if (!done.signal.aborted) stop();
    });
    signal.addEventListener("abort", stop);
    try {
      await this.#connect(started);
      this.#run();
      this.#resend();
      await this.#ready.promise;
    } catch (error) {
      await this[Symbol.asyncDispose]();
      signal.throwIfAborted();
      throw error;
    } finally {
      done.abort();
      signal.removeEventListener("abort", stop);
    }
  }

  /** Opens a connection; whether it comes about shows with its first bytes or its end. */
  async dial(): Promise<TunnelConn> {
    const before = this.#connectErrors;
    const stream = await this.#streams.open();
    return {
      stream,
      failure: (hasCarried) => {
        const isRefused = !hasCarried && this.#connectErrors > before;
        const fault = isRefused
          ? new TunnelError(this.#options.name, CONNECT_ERROR)
          : this.#error;
        return Promise.resolve(fault);
      },
    };
  }

  /** Ends the session and all its connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end.signal.aborted) return;
    const { api, started } = this.#options;
    if (this.#error === undefined) {
      for (const event of this.#channel.terminate()) await this.#emit(event);
    }
    this.#end.abort();
    this.#ended.resolve(undefined);
    this.#endStreams();
    // What the service still believes to be open would count until its idle timeout.
    await api.terminateSession(started.id, AbortSignal.timeout(3_000))
      .catch(() => {});
    this.#socket?.close();
  }

  async #connect({ streamUrl, token }: StartedSession): Promise<void> {
    try {
      const socket = await openWebSocket(streamUrl, this.#end.signal);
      await socket.write(JSON.stringify({
        MessageSchemaVersion: "1.0",
        RequestId: crypto.randomUUID(),
        TokenValue: token.reveal(),
        ClientId: crypto.randomUUID(),
        ClientVersion: CLIENT_VERSION,
      }));
      this.#socket = socket;
      this.#connectedAt = this.#options.clock.now();
    } catch (cause) {
      throw new TunnelError(this.#options.name, NO_CHANNEL, cause);
    }
  }

  /** Takes what comes, and gets a lost channel back, until the session ends. */
  async #run(): Promise<void> {
    try {
      while (this.isUp) {
        const frame = await this.#socket?.read();
        if (!this.isUp) return;
        if (frame === undefined) {
          await this.#resume();
          continue;
        }
        for (const event of this.#channel.receive(frame)) {
          await this.#emit(event);
        }
        await this.#streams.untilRead();
      }
    } catch (error) {
      this.#fail(
        error instanceof SyntaxError
          ? { reason: "protocol", why: error.message }
          : LOST,
        error,
      );
    }
  }

  async #resume(): Promise<void> {
    const { api, clock, started } = this.#options;
    for (const wait of RESUME_WAITS_MS) {
      await clock.sleep(wait, this.#end.signal);
      if (!this.isUp) return;
      try {
        const resumed = await api.resumeSession(started.id, this.#end.signal);
        if (resumed === undefined) return this.#fail(OVER);
        return await this.#connect({
          ...resumed,
          streamUrl: resumed.streamUrl || started.streamUrl,
        });
      } catch {
        // It is tried again; in the end the session counts as lost.
      }
    }
    this.#fail(LOST);
  }

  async #resend(): Promise<void> {
    const { clock } = this.#options;
    while (this.isUp) {
      await clock.sleep(RESEND_MS, this.#end.signal);
      const isStale = clock.now() - this.#connectedAt > STALE_MS &&
        this.#channel.waitingMs > STALE_MS;
      // As after sleep, or in another network: what is dead may not say so.
      if (isStale) this.#socket?.close();
      const events = this.#channel.resend();
      const isIdle = clock.now() - this.#sentAt > KEEP_ALIVE_MS;
      if (isIdle) events.push(...this.#channel.keepAlive());
      for (const event of events) await this.#emit(event);
    }
  }

  async #emit(event: ChannelEvent): Promise<void> {
    switch (event.kind) {
      case "send":
        this.#sentAt = this.#options.clock.now();
        // A frame that is lost with the channel is sent again on the next.
        await this.#socket?.write(event.frame).catch(() => {});
        return;
      case "data":
        this.#streams.receive(event.bytes);
        return;
      case "ready":
        if (isNewEnough(event.agentVersion)) this.#ready.resolve();
        else this.#fail(OLD_AGENT);
        return;
      case "connect-error":
        this.#connectErrors++;
        return;
      case "encryption":
        this.#fail(ENCRYPTED);
        return;
      case "closed":
        this.#fail(
          event.why === "" ? OVER : { ...OVER, why: `it ended: ${event.why}` },
        );
    }
  }

  /** Sends bytes of the streams, in the order of the calls, no faster than the agent acknowledges them. */
  #send(bytes: Uint8Array): Promise<void> {
    const sent = this.#sending.then(async () => {
      for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) {
        while (!this.#channel.hasRoom && this.isUp) await pause(PACE_MS);
        if (!this.isUp) throw this.#error ?? new Error("The session has ended");
        const part = bytes.subarray(at, at + MESSAGE_BYTES);
        for (const event of this.#channel.send(part)) await this.#emit(event);
        if (bytes.length > MESSAGE_BYTES) await pause(PACE_MS);
      }
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }

  #fail(fault: TunnelFault, cause?: unknown) {
    if (!this.isUp) return;
    this.#error = new TunnelError(this.#options.name, fault, cause);
    this.#ready.reject(this.#error);
    this.#endStreams();
    this.#ended.resolve(this.#error);
    this.#socket?.close();
  }

  #endStreams() {
    this.#streams.end(this.#error ?? new Error("The session has ended"));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
