import { RdsiamError } from "../../core/errors.ts";
import { readRoots } from "./pem_roots.ts";
import { readLimited } from "../net/read_limited.ts";

/** What fetches: Deno's own, or a test's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The largest bundle that is taken, in bytes; AWS's largest, of all regions, is a sixth of it. */
const LARGEST_BYTES = 1_048_576;

/** What a download needs. */
export interface DownloadOptions {
  /** Fetches over verified HTTPS. */
  fetch: Fetch;
  /** Milliseconds since the epoch. */
  now: number;
  /** How long it may take, in milliseconds. */
  timeoutMs: number;
}

/**
 * Downloads roots and checks them. Where the address leads further it is not followed: the host is part of why they are
 * trusted.
 *
 * @returns the roots that are still valid, as PEM
 * @throws {RdsiamError} `unreachable`, with the address and what stood in the way
 */
export async function downloadRoots(
  url: string,
  { fetch, now, timeoutMs }: DownloadOptions,
): Promise<string> {
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return readRoots(await readBody(response), now);
  } catch (cause) {
    throw new RdsiamError(
      "unreachable",
      `Roots of AWS RDS cannot be downloaded from ${url}: ${
        explain(cause, timeoutMs)
      }`,
      {
        hint:
          "Check the network and HTTPS_PROXY, or download that file elsewhere and name it with --sslrootcert",
        cause,
      },
    );
  }
}

async function readBody(response: Response): Promise<string> {
  const { status, body } = response;
  if (status !== 200) {
    await body?.cancel();
    throw new SyntaxError(
      status >= 300 && status < 400
        ? "it leads to another address"
        : `the answer is HTTP status ${status}`,
    );
  }
  return new TextDecoder().decode(await readLimited(response, LARGEST_BYTES));
}

/** Deno puts what the system said into the causes of its own words. */
function explain(error: unknown, timeoutMs: number): string {
  if (error instanceof SyntaxError) return error.message;
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return `no answer within ${timeoutMs / 1000} s`;
  }
  const texts: string[] = [];
  for (let next = error; next instanceof Error; next = next.cause) {
    texts.push(next.message);
  }
  return texts.at(-1) ?? "it failed";
}
