/** A SOCKS5 server of the tests' own (RFC 1928, RFC 1929), written apart from the client. */

/** A running SOCKS5 server. */
export interface SocksServer extends AsyncDisposable {
  port: number;
  /** The hosts that were asked for, as they were sent. */
  asked: string[];
}

/** What it wants, and what it answers in place of connecting. */
export interface SocksServerOptions {
  login?: { user: string; password: string };
  /** A code of RFC 1928, 6. */
  refusal?: number;
}

/** Starts a server that looks up each name as this machine does. */
export function startSocksServer(
  options: SocksServerOptions = {},
): SocksServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const conns = new Set<Deno.Conn>();
  (async () => {
    for await (const conn of listener) {
      conns.add(conn);
      serve(conn, options, asked, conns)
        .catch(() => {})
        .finally(() => close(conn));
    }
  })().catch(() => {});
  return {
    port: listener.addr.port,
    asked,
    [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of conns) close(conn);
      return Promise.resolve();
    },
  };
}

async function serve(
  conn: Deno.Conn,
  { login, refusal }: SocksServerOptions,
  asked: string[],
  conns: Set<Deno.Conn>,
) {
  const read = (count: number) => readExactly(conn, count);
  const [, methods = 0] = await read(2);
  const offered = await read(methods);
  const method = login === undefined ? 0 : 2;
  if (!offered.includes(method)) {
    await conn.write(Uint8Array.of(5, 0xff));
    return;
  }
  await conn.write(Uint8Array.of(5, method));
  if (login !== undefined) {
    await read(1);
    const user = await readText(read);
    const password = await readText(read);
    const isRight = user === login.user && password === login.password;
    await conn.write(Uint8Array.of(1, isRight ? 0 : 1));
    if (!isRight) return;
  }
  const [, , , type] = await read(4);
  if (type !== 3) throw new Error(`Address type ${type}`);
  const host = await readText(read);
  const [high = 0, low = 0] = await read(2);
  asked.push(host);
  // An IPv6 address in the answer, of which the client must take every byte.
  const answer = (code: number) =>
    conn.write(Uint8Array.of(5, code, 0, 4, ...new Uint8Array(18)));
  if (refusal !== undefined) {
    await answer(refusal);
    return;
  }
  const far = await Deno.connect({ hostname: host, port: high * 256 + low });
  conns.add(far);
  await answer(0);
  await Promise.all([
    conn.readable.pipeTo(far.writable),
    far.readable.pipeTo(conn.writable),
  ]);
}

async function readText(read: (count: number) => Promise<Uint8Array>) {
  const [length = 0] = await read(1);
  return new TextDecoder().decode(await read(length));
}

async function readExactly(conn: Deno.Conn, count: number) {
  const bytes = new Uint8Array(count);
  for (let done = 0; done < count;) {
    const more = await conn.read(bytes.subarray(done));
    if (more === null) throw new Error("The client has left");
    done += more;
  }
  return bytes;
}

function close(conn: Deno.Conn) {
  try {
    conn.close();
  } catch {
    // It is closed.
  }
}
