import {
  createTlsAuthority,
  type TlsAuthority,
} from "../../../adapters/emulator/tls_authority.ts";
import type { Fetch } from "../../../adapters/roots/download.ts";

/** Where AWS has the roots of GovCloud. */
export const GOV_HOST = "truststore.pki.us-gov-west-1.rds.amazonaws.com";

/** A server that stands for AWS's, behind an HTTP proxy that leads every name to it. */
export interface RootsServer extends AsyncDisposable {
  /** The authority of its certificate, as PEM. */
  ca: string;
  /** The address of the proxy, for `HTTPS_PROXY`. */
  proxy: string;
  /** The addresses that were asked for. */
  asked: string[];
  /** The hosts and ports that the proxy was asked for. */
  connected: string[];
  /** Goes through the proxy and trusts the server. */
  fetch: Fetch;
}

/** Starts a server with these answers. Its certificate is for one name alone. */
export async function startRootsServer(
  answer: () => Response | Promise<Response>,
  name = GOV_HOST,
): Promise<RootsServer> {
  const { ca, certificate, privateKey } = await createTlsAuthority(
    [name],
    new Date(),
  );
  const asked: string[] = [];
  const stopped = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      cert: certificate,
      key: privateKey,
      signal: stopped.signal,
      onListen() {},
    },
    (request) => {
      asked.push(request.url);
      return answer();
    },
  );
  const proxy = startProxy(server.addr.port);
  const client = Deno.createHttpClient({
    caCerts: [ca],
    proxy: { url: proxy.url },
  });
  return {
    ca,
    proxy: proxy.url,
    asked,
    connected: proxy.connected,
    fetch: (url, init) => fetch(url, { ...init, client }),
    async [Symbol.asyncDispose]() {
      client.close();
      proxy.close();
      stopped.abort();
      await server.finished;
    },
  };
}

/** A self-signed authority that ends a year after its beginning. */
export async function root(beginning = new Date()): Promise<string> {
  return (await makeAuthority(beginning)).ca;
}

/** The same with a server's certificate. */
export function makeAuthority(beginning = new Date()): Promise<TlsAuthority> {
  return createTlsAuthority(["x"], beginning);
}

/** An HTTP proxy that knows CONNECT alone, and connects to one port whatever it is asked for. */
function startProxy(port: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connected: string[] = [];
  const open = new Set<Deno.Conn>();
  async function serve(client: Deno.Conn) {
    const buffer = new Uint8Array(4096);
    const length = await client.read(buffer) ?? 0;
    const head = new TextDecoder().decode(buffer.subarray(0, length));
    connected.push(/^CONNECT (\S+)/.exec(head)?.[1] ?? head);
    const upstream = await Deno.connect({ hostname: "127.0.0.1", port });
    open.add(upstream);
    await client.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
    await Promise.allSettled([
      client.readable.pipeTo(upstream.writable),
      upstream.readable.pipeTo(client.writable),
    ]);
  }
  const done = (async () => {
    for await (const client of listener) {
      open.add(client);
      serve(client).catch(() => {});
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    connected,
    close() {
      listener.close();
      for (const each of open) {
        try {
          each.close();
        } catch {
          // It has ended already.
        }
      }
      return done;
    },
  };
}
