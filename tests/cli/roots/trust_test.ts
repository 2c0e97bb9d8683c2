import assert from "node:assert/strict";
import { readTrust } from "../../../cli/roots/trust.ts";
import { fakeContext, fakeTarget } from "../../fakes.ts";

/** What a target's server must lead to, and which regions' roots were asked for. */
async function trust(changes: Parameters<typeof fakeTarget>[0]) {
  const asked: string[] = [];
  const { context } = fakeContext({
    regionRoots(region) {
      asked.push(region);
      return Promise.resolve("further roots");
    },
  });
  return { trust: await readTrust(fakeTarget(changes), context), asked };
}

// security: roots-by-target
Deno.test("readTrust() has the roots of a region that rdsiam carries, and asks nobody", async () => {
  const { trust: found, asked } = await trust({});
  assert.match(found.kind === "roots" ? found.pem : "", /^-----BEGIN/);
  assert.deepEqual(asked, []);
});

Deno.test("readTrust() takes those of another region alone", async () => {
  assert.deepEqual(
    await trust({
      host: "a.b.us-gov-west-1.rds.amazonaws.com",
      region: "us-gov-west-1",
    }),
    {
      trust: { kind: "roots", pem: "further roots" },
      asked: ["us-gov-west-1"],
    },
  );
});

// security: roots-by-target
Deno.test("readTrust() is the system's for RDS Proxy, wherever it is", async () => {
  for (
    const host of [
      "a.proxy-b.eu-west-1.rds.amazonaws.com",
      "a.endpoint.proxy-b.us-gov-west-1.rds.amazonaws.com",
    ]
  ) {
    assert.deepEqual(await trust({ host, region: "us-gov-west-1" }), {
      trust: { kind: "system" },
      asked: [],
    });
  }
});

// security: roots-by-target
Deno.test("readTrust() prefers what the user names", async () => {
  const host = "a.b.us-gov-west-1.rds.amazonaws.com";
  const region = "us-gov-west-1";
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(path, "own roots");
    const rows = [
      [{ sslrootcert: path }, { kind: "roots", pem: "own roots" }],
      [{ sslrootcert: "system" }, { kind: "system" }],
      [{ sslmode: "require" as const }, { kind: "nothing" }],
    ] as const;
    for (const [changes, expected] of rows) {
      assert.deepEqual(await trust({ host, region, ...changes }), {
        trust: expected,
        asked: [],
      });
    }
  } finally {
    await Deno.remove(path);
  }
});
