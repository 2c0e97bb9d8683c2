import assert from "node:assert/strict";
import type { Config } from "../../../core/config/config.ts";
import {
  gatherFields,
  type TargetRequest,
} from "../../../cli/target/gather_fields.ts";
import { Reporter } from "../../../cli/frame/output.ts";
import { fakeConfig, fakeContext } from "../../fakes.ts";
import { assertRdsiamError, type ExpectedError } from "../../rdsiam_error.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";

const CONFIG = fakeConfig({
  orders: { host: "config", username: "config", profile: "config" },
  audit: { host: "audit" },
});

/** A world with everything in it. */
async function gather(
  request: Partial<TargetRequest>,
  environment: Record<string, string> = {},
  config: Config = CONFIG,
) {
  const { context, stderr } = fakeContext({
    environment,
    loadConfig: () => Promise.resolve(config),
    loadPgServices: () =>
      Promise.resolve([
        {
          name: "main",
          fields: { host: "service", port: "1" },
          hasPassword: false,
          file: "/pg_service.conf",
        },
        {
          name: "old",
          fields: { host: "old" },
          hasPassword: true,
          file: "/pg_service.conf",
        },
      ]),
  });
  const reporter = new Reporter(stderr, {});
  const gathered = await gatherFields(
    { options: {}, ...request },
    context,
    reporter,
  );
  return { ...gathered, stderr: stderr.text };
}

async function host(...args: Parameters<typeof gather>) {
  return (await gather(...args)).given.host?.value;
}

async function assertRefused(
  expected: ExpectedError,
  ...args: Parameters<typeof gather>
) {
  await assert.rejects(gather(...args), (error) => {
    assertRdsiamError(error, expected);
    return true;
  });
}

Deno.test("gatherFields() takes option, [target], RDSIAM_TARGET, further options, PGSERVICE, PG*, default_target, DATABASE_URL in this order", async () => {
  const config = fakeConfig(
    { named: { host: "named" }, fallback: { host: "default" } },
    { defaultTarget: { name: "fallback", file: "/f" } },
  );
  const request: Partial<TargetRequest> = {
    options: { host: "option" },
    name: "named",
    further: [{
      origin: () => ({ kind: "url", place: "--admin-url" }),
      fields: { host: "further" },
    }],
  };
  const environment: Record<string, string> = {
    RDSIAM_TARGET: "postgres://variable",
    PGSERVICE: "main",
    PGHOST: "libpq",
    DATABASE_URL: `postgres://${HOST}`,
  };
  const next = () => host(request, environment, config);
  assert.equal(await next(), "option");
  request.options = {};
  assert.equal(await next(), "named");
  delete request.name;
  assert.equal(await next(), "variable");
  environment.RDSIAM_TARGET = "";
  assert.equal(await next(), "further");
  delete request.further;
  assert.equal(await next(), "service");
  delete environment.PGSERVICE;
  assert.equal(await next(), "libpq");
  delete environment.PGHOST;
  assert.equal(await next(), "default");
  delete config.defaultTarget;
  assert.equal(await host(request, environment, fakeConfig()), HOST);
});

Deno.test("gatherFields() says which file, section or variable gave a field", async () => {
  const { given, name, configured } = await gather({ name: "orders" });
  assert.deepEqual(given.username, {
    value: "config",
    origin: {
      kind: "config",
      target: "orders",
      key: "username",
      file: "/work/rdsiam.toml",
    },
  });
  assert.deepEqual([name, configured?.name], ["orders", "orders"]);
  const service = await gather({ name: "service:main" });
  assert.deepEqual(service.given.port, {
    value: "1",
    origin: {
      kind: "service",
      service: "main",
      setting: "port",
      file: "/pg_service.conf",
    },
  });
  assert.deepEqual([service.name, service.configured], [
    "service:main",
    undefined,
  ]);
});

Deno.test("gatherFields() mixes no default target into a host that is named", async () => {
  const config = fakeConfig(
    { orders: { host: "config", connect: "127.0.0.1", username: "app" } },
    { defaultTarget: { name: "orders", file: "/f" } },
  );
  const { given, name } = await gather(
    { options: { host: "option" } },
    {},
    config,
  );
  assert.deepEqual(given, {
    host: { value: "option", origin: { kind: "flag", flag: "--host" } },
  });
  assert.equal(name, undefined);
  const meant = await gather({ options: { username: "me" } }, {}, config);
  assert.deepEqual(
    [meant.given.host?.value, meant.given.username?.value, meant.name],
    ["config", "me", "orders"],
  );
});

Deno.test("gatherFields() takes a target's own profile before AWS_PROFILE, and PGUSER before the default target's", async () => {
  const environment = { AWS_PROFILE: "shell", PGUSER: "libpq" };
  const { given } = await gather({}, environment, {
    ...CONFIG,
    defaultTarget: { name: "orders", file: "/f" },
  });
  assert.equal(given.profile?.value, "config");
  assert.equal(given.username?.value, "libpq");
  const named = await gather({ name: "orders" }, environment);
  assert.equal(named.given.profile?.value, "config");
  assert.equal(named.given.username?.value, "config");
  // Whose credentials count where none is named, is for who looks them up: environment keys beat AWS_PROFILE.
  const plain = await gather({ name: "audit" }, environment);
  assert.equal(plain.given.profile, undefined);
});

Deno.test("gatherFields() reads no file for a host that is named", async () => {
  const { context, stderr } = fakeContext({
    environment: { PGSERVICE: "main", DATABASE_URL: `postgres://${HOST}` },
    loadConfig: () => Promise.reject(new Error("The configuration was read")),
  });
  const reporter = new Reporter(stderr, {});
  const { given } = await gatherFields(
    { options: { host: HOST } },
    context,
    reporter,
  );
  assert.equal(given.host?.value, HOST);
});

Deno.test("gatherFields() uses no password of a service or of DATABASE_URL, and says so", async () => {
  const service = await gather({}, { PGSERVICE: "old" });
  assert.equal(
    service.stderr,
    'warning: The password of service "old" in "/pg_service.conf" is not used: rdsiam logs in with a token\n',
  );
  const url = await gather(
    {},
    { DATABASE_URL: `postgres://app:s3cret@${HOST}/shop` },
    fakeConfig(),
  );
  assert.equal(
    url.stderr,
    "note: The password in DATABASE_URL is not used: rdsiam logs in with a token\n",
  );
  assert.deepEqual(url.given.username, {
    value: "app",
    origin: { kind: "url", place: "DATABASE_URL" },
  });
});

Deno.test("gatherFields() suggests the nearest name", async () => {
  await assertRefused({
    message: 'Target "ordes" is not known',
    hint: 'Did you mean "orders"? rdsiam targets lists the configured ones',
  }, { name: "ordes" });
  await assertRefused({
    message: 'Target "billing" is not known',
    hint:
      "Pass a configured target, which rdsiam targets lists, or a postgres://user@host:port/db URL",
  }, { name: "billing" });
  await assertRefused({
    message: 'Service "mian" is not known',
    hint: 'Did you mean "main"?',
  }, { name: "service:mian" });
  await assertRefused(
    {
      message: 'Service "nothing" is not known',
      hint:
        "Name a section of ~/.pg_service.conf, or of the file in PGSERVICEFILE",
    },
    {},
    { PGSERVICE: "nothing" },
  );
  await assertRefused(
    {
      message:
        'Target "gone" is not known, which is the default_target of "/f"',
      hint: "rdsiam targets lists the configured ones",
    },
    {},
    {},
    { ...CONFIG, defaultTarget: { name: "gone", file: "/f" } },
  );
});

Deno.test("gatherFields() repeats nothing that may be a password", async () => {
  await assertRefused({
    message: "Target is not known",
    hint:
      "Pass a configured target, which rdsiam targets lists, or a postgres://user@host:port/db URL",
  }, { name: "app:s3cret@db" });
});

Deno.test("gatherFields() names the targets there are where none is meant", async () => {
  await assertRefused({
    message: "No database is named",
    hint: "Name a target: orders, audit",
  }, {});
  const many = fakeConfig(
    Object.fromEntries(
      ["a", "b", "c", "d", "e", "f"].map((name) => [name, { host: name }]),
    ),
  );
  await assertRefused(
    {
      message: "No database is named",
      hint: "Name a target: rdsiam targets lists the configured ones",
    },
    {},
    {},
    many,
  );
});

/** What libpq's variables say of another database. */
const ELSEWHERE = {
  PGHOST: "elsewhere",
  PGPORT: "1",
  PGUSER: "somebody",
  PGDATABASE: "else",
  PGHOSTADDR: "10.0.0.1",
  PGSSLMODE: "require",
  PGSSLROOTCERT: "/elsewhere.pem",
  PGSERVICE: "main",
};

// security: named-is-complete
Deno.test("gatherFields() reads none of libpq's variables where a target, a URL or a service is named", async () => {
  const named = [
    [{ name: "audit" }, { host: "audit" }],
    [{ name: `postgres://app@${HOST}` }, {
      engine: "postgres",
      username: "app",
      host: HOST,
    }],
    [{ name: "postgres:///shop" }, { engine: "postgres", dbname: "shop" }],
    [{ name: "service:main" }, { host: "service", port: "1" }],
  ] as const;
  for (const [request, expected] of named) {
    for (const byVariable of [false, true]) {
      const { given, stderr } = await gather(
        byVariable ? {} : request,
        byVariable ? { ...ELSEWHERE, RDSIAM_TARGET: request.name } : ELSEWHERE,
      );
      const values = Object.entries(given).map(([field, { value }]) => [
        field,
        value,
      ]);
      assert.deepEqual(Object.fromEntries(values), expected);
      assert.equal(stderr, "");
    }
  }
});

// security: named-is-complete
Deno.test("gatherFields() fills in from libpq's variables what options leave out, but for a weaker SSL mode", async () => {
  const { PGSERVICE: _, ...environment } = ELSEWHERE;
  const { given, stderr } = await gather(
    { options: { host: HOST, username: "me" } },
    environment,
  );
  const values = Object.entries(given).map(([field, { value }]) => [
    field,
    value,
  ]);
  assert.deepEqual(Object.fromEntries(values), {
    host: HOST,
    username: "me",
    port: "1",
    dbname: "else",
    connect: "10.0.0.1",
    sslrootcert: "/elsewhere.pem",
  });
  assert.equal(
    stderr,
    'warning: SSL mode "require" of PGSSLMODE is ignored, since it would weaken the verification: only --sslmode, a URL or the configuration may do that\n',
  );
});

// security: ambient-only-strengthens
Deno.test("gatherFields() lets PGSSLMODE strengthen the default target's mode, and nothing weaken it", async () => {
  const mode = async (configured: string | undefined, PGSSLMODE: string) => {
    const config = fakeConfig(
      {
        orders: {
          host: HOST,
          ...(configured !== undefined && { sslmode: configured }),
        },
      },
      { defaultTarget: { name: "orders", file: "/f" } },
    );
    return (await gather({}, { PGSSLMODE }, config)).given.sslmode?.value;
  };
  assert.equal(await mode("require", "verify-full"), "verify-full");
  assert.equal(await mode("require", "prefer"), "require");
  assert.equal(await mode(undefined, "require"), undefined);
});

Deno.test("gatherFields() knows no SSL mode of what is only signed for, and warns of none", async () => {
  const { given, stderr } = await gather(
    { options: { host: HOST }, signsOnly: true },
    { PGSSLMODE: "prefer" },
  );
  assert.deepEqual([given.sslmode, stderr], [undefined, ""]);
});

Deno.test("gatherFields() takes RDSIAM_TUNNEL where the target names no tunnel of its own", async () => {
  const tunnel = async (configured: string | undefined) => {
    const config = fakeConfig({
      orders: {
        host: HOST,
        ...(configured !== undefined && { tunnel: configured }),
      },
    });
    const { given } = await gather(
      { name: "orders" },
      { RDSIAM_TUNNEL: "ssh:bastion" },
      config,
    );
    return given.tunnel?.value;
  };
  assert.equal(await tunnel(undefined), "ssh:bastion");
  assert.equal(await tunnel("ssh:other"), "ssh:other");
});
