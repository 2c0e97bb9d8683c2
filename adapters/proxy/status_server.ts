import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { formatAddress } from "../../core/target/address.ts";

/** What a page says. */
export interface StatusPage {
  /** The HTTP status. */
  status: number;
  body: string;
  /** By default plain text. */
  contentType?: string;
}

/** A server of pages for monitoring; disposing of it ends it. */
export interface StatusServer extends AsyncDisposable {
  port: number;
}

/**
 * Serves pages by their paths.
 *
 * @throws {RdsiamError} `failed`, when it cannot be listened there
 */
export function serveStatus(
  address: { host: string; port: number },
  pages: Readonly<Record<string, () => Promise<StatusPage>>>,
): StatusServer {
  async function handler(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const page = Object.hasOwn(pages, pathname) ? pages[pathname] : undefined;
    if (page === undefined) {
      const paths = Object.keys(pages).join("\n");
      return new Response(`${paths}\n`, { status: 404 });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, { status: 405, headers: { allow: "GET" } });
    }
    const { status, body, contentType = "text/plain; charset=utf-8" } =
      await page();
    const headers = { "content-type": contentType };
    return new Response(body, { status, headers });
  }
  const { host, port } = address;
  try {
    const server = Deno.serve(
      { hostname: host, port, onListen() {} },
      handler,
    );
    return {
      port: server.addr.port,
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    };
  } catch (cause) {
    const why = errorMessage(cause);
    throw new RdsiamError(
      "failed",
      `Address ${
        formatAddress(host, port)
      } of --http cannot be listened on: ${why}`,
      { cause },
    );
  }
}
