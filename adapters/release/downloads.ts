import { RdsiamError } from "../../core/errors.ts";
import type { Downloads } from "../../core/release/downloads.ts";
import { isTrustedTransport } from "../../core/release/source_url.ts";
import { readLimited } from "../net/read_limited.ts";

const REDIRECTS = 10;
const STALL_MS = 60_000;

/** Downloads over HTTPS, or from a server of this machine. A proxy is taken from `HTTPS_PROXY`, as Deno does. */
export const systemDownloads: Downloads = {
  async get(url, limitBytes) {
    const watch = new StallWatch();
    try {
      const response = await follow(url, watch.signal);
      if (!response.ok) {
        await response.body?.cancel();
        throw new RdsiamError(
          "failed",
          `Download of ${url} failed: the server answered ${response.status}`,
          response.status === 404
            ? { hint: "Check the version; without --version it is the latest" }
            : {},
        );
      }
      return await readLimited(response, limitBytes, () => watch.restart());
    } catch (cause) {
      if (cause instanceof RdsiamError) throw cause;
      throw new RdsiamError(
        "failed",
        `Download of ${url} failed: ${why(cause)}`,
        {
          hint: "Check the network; a proxy is taken from HTTPS_PROXY",
          cause,
        },
      );
    } finally {
      watch.stop();
    }
  },
};

async function follow(url: string, signal: AbortSignal): Promise<Response> {
  let next = new URL(url);
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    if (!isTrustedTransport(next)) {
      throw new Error("it is redirected to a server without TLS");
    }
    const response = await fetch(next, { redirect: "manual", signal });
    const location = response.headers.get("location");
    if (location === null || response.status < 300 || response.status > 399) {
      return response;
    }
    await response.body?.cancel();
    next = new URL(location, next);
  }
  throw new Error("it was redirected too often");
}

/** Gives up when nothing comes any more. */
class StallWatch {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  restart(): void {
    this.stop();
    const error = new Error(`nothing came for ${STALL_MS / 1000} seconds`);
    this.#timer = setTimeout(() => this.#controller.abort(error), STALL_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The innermost reason, without the address, which the message already has. */
function why(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error
    ? why(cause.cause)
    // deno-lint-ignore rdsiam/no-prose -- Deno's own
    : cause.message.replace(/^error sending request for url \(.*?\): /, "");
}
