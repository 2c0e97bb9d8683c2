import assert from "node:assert/strict";
import { root, startRootsServer } from "../adapters/roots/roots_server.ts";
import { temporaryFolder } from "../adapters/temporary_folder.ts";
import { rdsiam } from "./rdsiam.ts";

const HOST = "a.b.us-gov-west-1.rds.amazonaws.com";
const EXEC = ["-U", "app", "--", "sh", "-c", 'cat "$PGSSLROOTCERT"'];

/** A cache folder and a server of roots, with the environment that leads to both. */
async function setUp(answer: (pem: string) => Response) {
  const pem = await root();
  const server = await startRootsServer(() => answer(pem));
  const cache = await temporaryFolder();
  const ca = `${cache.path}/ca.pem`;
  await Deno.writeTextFile(ca, server.ca);
  return {
    pem,
    server,
    env: {
      XDG_CACHE_HOME: cache.path,
      HTTPS_PROXY: server.proxy,
      DENO_CERT: ca,
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await cache[Symbol.asyncDispose]();
    },
  };
}

Deno.test("exec gives its child the roots of a region that rdsiam does not carry, downloaded once", async () => {
  await using world = await setUp((pem) => new Response(pem));
  for (const _ of [1, 2]) {
    const { code, stdout, stderr } = await rdsiam(
      ["exec", "-h", HOST, ...EXEC],
      { env: world.env },
    );
    assert.deepEqual([code, stderr], [0, ""]);
    assert.ok(stdout.endsWith(world.pem));
  }
  assert.deepEqual(world.server.connected, [
    "truststore.pki.us-gov-west-1.rds.amazonaws.com:443",
  ]);
});

Deno.test("exec asks nobody for the roots of a region that rdsiam carries, nor for RDS Proxy's", async () => {
  await using world = await setUp((pem) => new Response(pem));
  for (
    const host of [
      "a.b.eu-west-1.rds.amazonaws.com",
      "a.proxy-b.us-gov-west-1.rds.amazonaws.com",
    ]
  ) {
    const { code } = await rdsiam(["exec", "-h", host, ...EXEC], {
      env: world.env,
    });
    assert.equal(code, 0);
  }
  assert.deepEqual(world.server.connected, []);
});

Deno.test("exec starts nothing when such roots cannot be had, and --sslrootcert is the way out", async () => {
  await using world = await setUp(() => new Response(null, { status: 403 }));
  const failed = await rdsiam(["exec", "-h", HOST, ...EXEC], {
    env: world.env,
  });
  assert.deepEqual(failed, {
    code: 4,
    stdout: "",
    stderr:
      "error: Roots of AWS RDS cannot be downloaded from https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-west-1/us-gov-west-1-bundle.pem: the answer is HTTP status 403\n" +
      "hint: Check the network and HTTPS_PROXY, or download that file elsewhere and name it with --sslrootcert\n",
  });
  const { code, stdout } = await rdsiam(
    ["exec", "-h", HOST, "--sslrootcert", world.env.DENO_CERT, ...EXEC],
    { env: world.env },
  );
  assert.deepEqual([code, stdout], [0, world.server.ca]);
});
