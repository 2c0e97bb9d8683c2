import assert from "node:assert/strict";
import { systemDownloads } from "../../../adapters/release/downloads.ts";

/** Answers every request so. */
function serve(handler: (request: Request) => Response) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    handler,
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

Deno.test("systemDownloads follows redirections, as GitHub has them", async () => {
  await using server = serve((request) =>
    new URL(request.url).pathname === "/latest"
      ? new Response(null, { status: 302, headers: { location: "/file" } })
      : new Response("content")
  );
  const bytes = await systemDownloads.get(`${server.url}/latest`, 100);
  assert.equal(new TextDecoder().decode(bytes), "content");
});

Deno.test("systemDownloads gives up on redirections that never end", async () => {
  await using server = serve(() =>
    new Response(null, { status: 302, headers: { location: "/again" } })
  );
  await assert.rejects(systemDownloads.get(server.url, 100), {
    kind: "failed",
    message: `Download of ${server.url} failed: it was redirected too often`,
  });
});

Deno.test("systemDownloads refuses what is larger than it may be", async () => {
  await using server = serve(() => new Response("x".repeat(101)));
  await assert.rejects(systemDownloads.get(server.url, 100), {
    kind: "failed",
    message: `Download of ${server.url} failed: it is larger than 100 bytes`,
  });
  const bytes = await systemDownloads.get(server.url, 101);
  assert.equal(bytes.length, 101);
});

Deno.test("systemDownloads says why there is no connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/file`;
  listener.close();
  await assert.rejects(systemDownloads.get(url, 100), {
    kind: "failed",
    message: new RegExp(`^Download of ${url} failed: .*[Cc]onnection refused`),
  });
});

Deno.test("systemDownloads does not follow a redirection from HTTPS to HTTP", async () => {
  const asked: string[] = [];
  const { fetch } = globalThis;
  globalThis.fetch = (input) => {
    asked.push(String(input));
    const headers = { location: "http://mirror.example/file" };
    return Promise.resolve(new Response(null, { status: 302, headers }));
  };
  try {
    const url = "https://releases.example/file";
    await assert.rejects(systemDownloads.get(url, 100), {
      message:
        `Download of ${url} failed: it is redirected to a server without TLS`,
    });
    assert.deepEqual(asked, [url]);
  } finally {
    globalThis.fetch = fetch;
  }
});
