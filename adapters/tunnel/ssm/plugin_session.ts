import { connStream } from "../../net/conn_stream.ts";
import { atMost } from "../../../core/ports/within.ts";
import { systemClock } from "../../process/clock.ts";
import type { AwsCaller } from "../../aws/client_config.ts";
import { SupervisedProcess } from "../../local_server/supervised_process.ts";
import { TunnelError } from "../../../core/tunnel/fault.ts";
import type { FarAddress, TunnelConn } from "../../../core/tunnel/ports.ts";
import { type StartedSession, startInput } from "./ssm_api.ts";

/** The variable that holds the session, whose name the plugin is given (AWS CLI, `sessionmanager.py`). */
const RESPONSE = "AWS_SSM_START_SESSION_RESPONSE";

/** How long the plugin may take to listen, in milliseconds. */
const OPEN_MS = 30_000;

/** What the plugin is started with. */
export interface PluginOptions {
  /** The tunnel, as messages name it. */
  name: string;
  /** Path of `session-manager-plugin`. */
  program: string;
  caller: AwsCaller;
  region: string;
  instance: string;
  address: FarAddress;
  environment: Readonly<Record<string, string>>;
  /** Ends the session, which the plugin does not when it is ended itself. */
  terminate: () => Promise<void>;
}

/** A session that AWS's own plugin forwards, behind a port of loopback. */
export interface PluginSession extends AsyncDisposable {
  readonly isUp: boolean;
  ended: Promise<unknown>;
  dial(signal: AbortSignal): Promise<TunnelConn>;
}

/**
 * Lets AWS's plugin take a session over. Neither its token nor the credentials are among the arguments.
 *
 * @throws {TunnelError} when it does not listen
 */
export async function startPluginSession(
  session: StartedSession,
  options: PluginOptions,
  signal: AbortSignal,
): Promise<PluginSession> {
  const { name, program, caller, region, instance, address } = options;
  const key = await caller.credentials.get({ ...caller.identity, region });
  const folder = await Deno.makeTempDir({ prefix: "rdsiam-ssm-" });
  const port = Promise.withResolvers<number>();
  let announced = 0;
  const process = new SupervisedProcess([
    program,
    RESPONSE,
    region,
    "StartSession",
    "",
    JSON.stringify(startInput(instance, address)),
    `https://ssm.${region}.amazonaws.com`,
  ], {
    folder,
    user: undefined,
    signal: undefined,
    env: {
      ...options.environment,
      [RESPONSE]: JSON.stringify({
        SessionId: session.id,
        StreamUrl: session.streamUrl,
        TokenValue: session.token.reveal(),
      }),
      AWS_ACCESS_KEY_ID: key.id,
      AWS_SECRET_ACCESS_KEY: key.secret.reveal(),
      AWS_SESSION_TOKEN: key.sessionToken?.reveal() ?? "",
      AWS_REGION: region,
    },
    endSignals: { first: "TERM", second: "KILL" },
    onLine(line) {
      const found = /^Port (\d+) opened for sessionId/.exec(line)?.[1];
      if (found !== undefined) announced = Number(found);
      if (/waiting for connections/i.test(line)) port.resolve(announced);
    },
  });
  let isUp = true;
  const ended = process.exited.finally(() => isUp = false);
  async function close() {
    isUp = false;
    await process.stop();
    await options.terminate().catch(() => {});
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
  const opening = Promise.race([
    port.promise,
    ended.then((): undefined => undefined),
  ]);
  const opened = await atMost(systemClock, OPEN_MS, opening);
  if (opened === undefined || signal.aborted) {
    await close();
    signal.throwIfAborted();
    const last = process.lastLines.findLast((line) => line.trim() !== "");
    throw new TunnelError(name, {
      reason: "encrypted",
      why: `session-manager-plugin failed${
        last === undefined ? "" : `: ${last.trim()}`
      }`,
      hint: "The identity needs kms:GenerateDataKey on the key of the sessions",
    });
  }
  return {
    get isUp() {
      return isUp;
    },
    ended,
    async dial(signal) {
      try {
        const conn = await Deno.connect({
          ...{ hostname: "127.0.0.1", port: opened, signal },
        });
        return {
          stream: connStream(conn),
          failure: () => Promise.resolve(undefined),
        };
      } catch (cause) {
        signal.throwIfAborted();
        throw new TunnelError(name, {
          reason: "ended",
          why: "session-manager-plugin does not listen any more",
          hint: "Try again",
        }, cause);
      }
    },
    [Symbol.asyncDispose]: close,
  };
}
