import assert from "node:assert/strict";
import { downloadRoots } from "../../../adapters/roots/download.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import {
  GOV_HOST,
  makeAuthority,
  root,
  startRootsServer,
} from "./roots_server.ts";

const URL = `https://${GOV_HOST}/us-gov-west-1/us-gov-west-1-bundle.pem`;
const YEAR_MS = 365 * 86_400_000;
const HINT =
  "Check the network and HTTPS_PROXY, or download that file elsewhere and name it with --sslrootcert";

function pem(text: string): Response {
  return new Response(text, {
    headers: { "content-type": "binary/octet-stream" },
  });
}

Deno.test("downloadRoots() gives the roots that are valid, and leaves out what has expired", async () => {
  const now = Date.now();
  const [good, other, old] = await Promise.all([
    root(),
    root(),
    root(new Date(now - 2 * YEAR_MS)),
  ]);
  await using server = await startRootsServer(() =>
    pem(`# Amazon\n${good}${old}\r\n${other}`)
  );
  assert.equal(
    await downloadRoots(URL, { fetch: server.fetch, now, timeoutMs: 5000 }),
    good + other,
  );
  assert.deepEqual(server.connected, [`${GOV_HOST}:443`]);
});

const { ca, certificate, privateKey } = await makeAuthority();

const ANSWERS: {
  name: string;
  answer: () => Response | Promise<Response>;
  why: string;
}[] = [{
  name: "a page",
  answer: () => pem("<html>Log in to the hotel's network</html>"),
  why: "it holds no certificate",
}, {
  name: "a damaged certificate",
  answer: () => pem(ca + ca.replace("MII", "MAI")),
  why: "a certificate in it is damaged",
}, {
  name: "half a bundle",
  answer: () => pem(ca + ca.slice(0, 200)),
  why: "it ends within a certificate",
}, {
  name: "a server's certificate",
  answer: () => pem(ca + certificate),
  why: "a certificate in it is of no authority",
}, {
  name: "a private key",
  answer: () => pem(ca + privateKey),
  why: "it holds something else than certificates",
}, {
  name: "expired roots alone",
  answer: async () => pem(await root(new Date(Date.now() - 2 * YEAR_MS))),
  why: "it holds no root that is still valid",
}, {
  name: "an endless answer",
  answer: () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      }),
    ),
  why: "it is larger than 1048576 bytes",
}, {
  name: "a redirection, even to itself",
  answer: () => new Response(null, { status: 302, headers: { location: URL } }),
  why: "it leads to another address",
}, {
  name: "a missing file",
  answer: () => new Response("NoSuchKey", { status: 404 }),
  why: "the answer is HTTP status 404",
}, {
  name: "no answer",
  answer: () => Promise.withResolvers<Response>().promise,
  why: "no answer within 0.3 s",
}, {
  name: "an answer that stops halfway",
  answer: () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array([45])),
      }),
    ),
  why: "no answer within 0.3 s",
}];

for (const { name, answer, why } of ANSWERS) {
  Deno.test(`downloadRoots() refuses ${name}`, async () => {
    await using server = await startRootsServer(answer);
    const timeoutMs = why.startsWith("no answer") ? 300 : 5000;
    await assertRefusesLater(
      downloadRoots(URL, { fetch: server.fetch, now: Date.now(), timeoutMs }),
      {
        kind: "unreachable",
        message: `Roots of AWS RDS cannot be downloaded from ${URL}: ${why}`,
        hint: HINT,
      },
    );
  });
}

Deno.test("downloadRoots() refuses a server whose certificate is for another name", async () => {
  await using server = await startRootsServer(() => pem(ca), "other.example");
  await assert.rejects(
    downloadRoots(URL, {
      fetch: server.fetch,
      now: Date.now(),
      timeoutMs: 5000,
    }),
    /cannot be downloaded from \S+: .*certificate/,
  );
  assert.deepEqual(server.asked, []);
});

Deno.test("downloadRoots() refuses a server that no known authority vouches for", async () => {
  await using server = await startRootsServer(() => pem(ca));
  using client = Deno.createHttpClient({ proxy: { url: server.proxy } });
  await assert.rejects(
    downloadRoots(URL, {
      fetch: (url, init) => fetch(url, { ...init, client }),
      now: Date.now(),
      timeoutMs: 5000,
    }),
    /cannot be downloaded from \S+: .*UnknownIssuer/,
  );
  assert.deepEqual(server.asked, []);
});
