import assert from "node:assert/strict";
import type { Context } from "../../../cli/frame/context.ts";
import { Reporter } from "../../../cli/frame/output.ts";
import {
  readTargets,
  resolveConfigured,
  type ResolvedTargets,
} from "../../../cli/target/read_targets.ts";
import type { TargetOptions } from "../../../cli/target/target_options.ts";
import type { TargetFields } from "../../../core/target/fields.ts";
import { fakeConfig, fakeContext, FakeResolver } from "../../fakes.ts";
import { assertRdsiamError, assertRefusesLater } from "../../rdsiam_error.ts";

function endpoint(name: string): string {
  return `${name}.abc.eu-west-1.rds.amazonaws.com`;
}

const CONFIG = fakeConfig({
  orders: { host: endpoint("orders"), username: "app" },
  audit: { host: endpoint("audit"), username: "auditor", port: "6000" },
  broken: { host: "localhost", username: "app" },
});

function contextWith(parts: Partial<Context> = {}) {
  const { context, stderr } = fakeContext({
    loadConfig: () => Promise.resolve(CONFIG),
    ...parts,
  });
  return { context, reporter: new Reporter(stderr, {}) };
}

async function read(
  names: string[],
  options: TargetOptions = {},
  parts: Partial<Context> = {},
) {
  const { context, reporter } = contextWith(parts);
  return await readTargets(names, options, context, reporter);
}

/** `name=user@host:port` of each target, and the names of those that failed. */
function summary({ targets, failures }: ResolvedTargets) {
  return [
    targets.map(({ name, target: { username, host, port } }) =>
      `${name}=${username}@${host.split(".")[0]}:${port}`
    ),
    failures.map(({ name }) => name),
  ];
}

const LOCALHOST_REFUSED = {
  message:
    'Host "localhost" is an address, and a token is signed for an endpoint\'s name',
  hint: "Pass --host ENDPOINT --connect localhost",
};

Deno.test("readTargets() reads each name once, in their order", async () => {
  const url = `postgres://me@${endpoint("url")}/shop`;
  assert.deepEqual(
    summary(await read(["audit", url, "orders", "audit", url])),
    [
      [
        "audit=auditor@audit:6000",
        `me@${endpoint("url")}:5432/shop=me@url:5432`,
        "orders=app@orders:5432",
      ],
      [],
    ],
  );
});

Deno.test("readTargets() lets options override each", async () => {
  assert.deepEqual(
    summary(await read(["orders", "audit"], { username: "me", port: "1" })),
    [["orders=me@orders:1", "audit=me@audit:1"], []],
  );
});

Deno.test("readTargets() of no names is the host that something names", async () => {
  const host = endpoint("option");
  const one = [[`me@${host}:5432/me=me@option:5432`], []];
  const options = { host, username: "me" };
  assert.deepEqual(summary(await read([], options)), one);
  const environment = { PGHOST: host, PGUSER: "me" };
  assert.deepEqual(summary(await read([], {}, { environment })), one);
  assert.deepEqual(
    summary(
      await read([], {}, {
        environment: { ...environment, RDSIAM_TARGET: "audit" },
      }),
    ),
    [["audit=auditor@audit:6000"], []],
  );
});

Deno.test("readTargets() of nothing at all is the whole configuration", async () => {
  const resolved = await read([], {}, {
    environment: { DATABASE_URL: `postgres://me@${endpoint("url")}/shop` },
  });
  assert.deepEqual(summary(resolved), [
    ["orders=app@orders:5432", "audit=auditor@audit:6000"],
    ["broken"],
  ]);
  assertRdsiamError(resolved.failures[0]?.error, LOCALHOST_REFUSED);
});

Deno.test("readTargets() falls back on DATABASE_URL where nothing is configured", async () => {
  const environment = {
    DATABASE_URL: `postgres://me@${endpoint("url")}/shop`,
  };
  const loadConfig = () => Promise.resolve(fakeConfig());
  assert.deepEqual(summary(await read([], {}, { environment, loadConfig })), [
    [`me@${endpoint("url")}:5432/shop=me@url:5432`],
    [],
  ]);
});

Deno.test("readTargets() wants a target", async () => {
  const loadConfig = () => Promise.resolve(fakeConfig());
  await assertRefusesLater(read([], {}, { loadConfig }), {
    message: "No database is named: the host is missing",
    hint: "Pass --host, a postgres://user@host:port/db URL, or set PGHOST",
  });
});

Deno.test("readTargets() fails with the only target", async () => {
  await assertRefusesLater(read(["broken"]), LOCALHOST_REFUSED);
});

Deno.test("readTargets() refuses a name that is not known, and --host with several", async () => {
  await assertRefusesLater(read(["orders", "adit"]), {
    message: 'Target "adit" is not known',
    hint: 'Did you mean "audit"? rdsiam targets lists the configured ones',
  });
  await assertRefusesLater(read(["orders", "audit"], { host: "x" }), {
    message: "--host names one database, and there are several targets",
    hint: "Leave it out, or name one target",
  });
});

Deno.test("readTargets() asks for each region and file once, and for no endpoint's name", async () => {
  const fields: Record<string, TargetFields> = {};
  for (let index = 0; index < 10_000; index++) {
    fields[`t${index}`] = { host: endpoint(`t${index}`), username: "app" };
  }
  for (const profile of ["one", "two"]) {
    for (const name of ["a", "b"]) {
      fields[`${profile}-${name}`] = {
        host: "x.global-abc.global.rds.amazonaws.com",
        username: name,
        profile,
      };
    }
  }
  const asked: (string | undefined)[] = [];
  let loaded = 0;
  const { targets, failures } = await read([], {}, {
    loadConfig: () => {
      loaded++;
      return Promise.resolve(fakeConfig(fields));
    },
    defaultRegion: (profile) => {
      asked.push(profile);
      return Promise.resolve("eu-west-1");
    },
  });
  assert.deepEqual([targets.length, failures.length], [10_004, 0]);
  assert.deepEqual([asked, loaded], [["one", "two"], 1]);
});

Deno.test("resolveConfigured() goes on with the rest where a name is not known or a target fails", async () => {
  const { context, reporter } = contextWith({
    loadConfig: () => Promise.reject(new Error("Read anew")),
    resolver: new FakeResolver(),
  });
  const some = await resolveConfigured(
    CONFIG,
    ["audit", "gone", "broken"],
    context,
    reporter,
  );
  assert.deepEqual(summary(some), [["audit=auditor@audit:6000"], [
    "gone",
    "broken",
  ]]);
  const all = await resolveConfigured(CONFIG, undefined, context, reporter);
  assert.deepEqual(summary(all), [
    ["orders=app@orders:5432", "audit=auditor@audit:6000"],
    ["broken"],
  ]);
});
