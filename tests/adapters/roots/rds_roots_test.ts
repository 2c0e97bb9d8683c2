import assert from "node:assert/strict";
import { join } from "node:path";
import {
  keptRoots,
  regionRoots,
  rootsFolder,
} from "../../../adapters/roots/rds_roots.ts";
import type { Fetch } from "../../../adapters/roots/download.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { root } from "./roots_server.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

const REGION = "us-gov-west-1";
const DAY = 86_400_000;

/** A cache folder, and answers that are counted. */
async function setUp() {
  const home = await temporaryFolder();
  const folder = join(home.path, "rdsiam", "rds-ca");
  const now = Date.now();
  const asked: string[] = [];
  const world = {
    folder,
    path: join(folder, `${REGION}.pem`),
    now,
    asked,
    pem: await root(new Date(now)),
    isDown: false,
    environment: { XDG_CACHE_HOME: home.path },
    roots: (ageMs = 0, region = REGION) =>
      regionRoots(region, {
        environment: world.environment,
        now: now + ageMs,
        fetch,
      }),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
  const fetch: Fetch = (url) => {
    asked.push(url);
    return world.isDown
      ? Promise.reject(new TypeError("the network is away"))
      : Promise.resolve(new Response(world.pem));
  };
  return world;
}

// security: roots-kept
Deno.test("regionRoots() downloads once, and keeps what this user alone can change", async () => {
  await using world = await setUp();
  assert.equal(await world.roots(), world.pem);
  assert.equal(await world.roots(29 * DAY), world.pem);
  assert.deepEqual(world.asked, [
    "https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-west-1/us-gov-west-1-bundle.pem",
  ]);
  assert.equal(await modeOf(world.path), "0600");
  assert.equal(await modeOf(world.folder), "0700");
  assert.deepEqual(
    (await Array.fromAsync(Deno.readDir(world.folder))).length,
    1,
  );
});

// security: roots-kept
Deno.test("regionRoots() asks again when what it keeps is old", async () => {
  await using world = await setUp();
  await world.roots();
  world.pem = await root();
  assert.equal(await world.roots(31 * DAY), world.pem);
  assert.equal(await Deno.readTextFile(world.path), world.pem);
});

Deno.test("regionRoots() goes on with old ones while AWS cannot be asked, and waits a day", async () => {
  await using world = await setUp();
  await world.roots();
  world.isDown = true;
  assert.equal(await world.roots(31 * DAY), world.pem);
  assert.equal(await world.roots(31 * DAY + DAY / 2), world.pem);
  assert.equal(world.asked.length, 2);
  assert.equal(await world.roots(33 * DAY), world.pem);
  assert.equal(world.asked.length, 3);
});

Deno.test("regionRoots() does not take kept ones that are damaged, expired, or of a file that others write to", async () => {
  await using world = await setUp();
  const spoilers: (() => Promise<void>)[] = [
    () => Deno.writeTextFile(world.path, "x"),
    async () =>
      Deno.writeTextFile(
        world.path,
        await root(new Date(world.now - 800 * DAY)),
      ),
    () => Deno.chmod(world.path, 0o666),
    () => Deno.chmod(world.folder, 0o777),
  ];
  for (const spoil of spoilers) {
    await Deno.remove(world.folder, { recursive: true }).catch(() => {});
    world.isDown = false;
    await world.roots();
    await spoil();
    world.isDown = true;
    await assertRefusesLater(world.roots(), {
      kind: "unreachable",
      message:
        "Roots of AWS RDS cannot be downloaded from https://truststore.pki.us-gov-west-1.rds.amazonaws.com/us-gov-west-1/us-gov-west-1-bundle.pem: the network is away",
      hint:
        "Check the network and HTTPS_PROXY, or download that file elsewhere and name it with --sslrootcert",
    });
  }
});

Deno.test("regionRoots() works where nothing can be kept", async () => {
  await using world = await setUp();
  await Deno.writeTextFile(join(world.folder, "../../file"), "");
  for (
    const XDG_CACHE_HOME of [
      join(world.environment.XDG_CACHE_HOME, "file"),
      "",
    ]
  ) {
    world.environment = { XDG_CACHE_HOME };
    assert.equal(await world.roots(), world.pem);
  }
  assert.equal(world.asked.length, 2);
});

Deno.test("regionRoots() refuses a region whose roots AWS does not publish, and asks nobody", async () => {
  await using world = await setUp();
  await assertRefusesLater(world.roots(0, "us-iso-east-1"), {
    kind: "usage",
    message: 'rdsiam knows no roots for databases in region "us-iso-east-1"',
    hint: "Name a file of AWS's roots for it with --sslrootcert",
  });
  assert.deepEqual(world.asked, []);
});

Deno.test("keptRoots() has what is kept for every region, and asks nobody", async () => {
  await using world = await setUp();
  assert.equal(await keptRoots(world), "");
  await world.roots();
  const first = world.pem;
  world.pem = await root();
  await world.roots(0, "cn-north-1");
  await Deno.writeTextFile(join(world.folder, ".x.pem.1.tmp"), first);
  assert.deepEqual(
    (await keptRoots(world)).split(/(?<=END CERTIFICATE-----\n)/).sort(),
    [first, world.pem].sort(),
  );
  assert.equal(await keptRoots({ environment: {}, now: world.now }), "");
});

Deno.test("rootsFolder() is in the cache folder of each system", () => {
  assert.equal(
    rootsFolder({ HOME: "/home/jane" }, "linux"),
    "/home/jane/.cache/rdsiam/rds-ca",
  );
  assert.equal(
    rootsFolder({ HOME: "/home/jane" }, "darwin"),
    "/home/jane/Library/Caches/rdsiam/rds-ca",
  );
  assert.equal(
    rootsFolder({ LOCALAPPDATA: "C:\\L" }, "windows"),
    "C:\\L\\rdsiam\\cache\\rds-ca",
  );
});
