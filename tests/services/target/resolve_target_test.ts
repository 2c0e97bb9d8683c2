import assert from "node:assert/strict";
import { mergeFields, type TargetFields } from "../../../core/target/fields.ts";
import {
  pinConnect,
  resolveTarget,
} from "../../../services/target/resolve_target.ts";
import { FakeResolver, fakeTarget } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const GLOBAL = "orders.global-abc.global.rds.amazonaws.com";

async function resolve(
  fields: TargetFields,
  { aliases = {}, region }: {
    aliases?: Record<string, string>;
    region?: string;
  } = {},
) {
  const resolver = new FakeResolver(aliases);
  const warnings: string[] = [];
  const profiles: (string | undefined)[] = [];
  const given = mergeFields([{
    origin: (field) => ({ kind: "flag", flag: `--${field}` }),
    fields: { username: "app", ...fields },
  }]);
  const target = await resolveTarget(given, {
    resolver,
    defaultRegion(profile) {
      profiles.push(profile);
      return Promise.resolve(region);
    },
    warn: (message) => warnings.push(message),
  });
  return { target, warnings, profiles, asked: resolver.asked };
}

Deno.test("resolveTarget() needs nothing from outside for an endpoint's own name", async () => {
  const { target, warnings, profiles, asked } = await resolve({
    host: "Orders.ABC.eu-west-1.rds.amazonaws.com.",
  });
  assert.deepEqual(target, fakeTarget({ database: "app" }));
  assert.deepEqual([...warnings, ...profiles, ...asked], []);
});

// security: alias-verified
Deno.test("resolveTarget() follows aliases to the first endpoint", async () => {
  const { target, asked } = await resolve({ host: "DB.example.com." }, {
    aliases: {
      "db.example.com": "db.internal.example.com",
      "db.internal.example.com": HOST.toUpperCase(),
      [HOST]: "ec2.eu-west-1.compute.amazonaws.com",
    },
  });
  assert.equal(target.host, HOST);
  assert.deepEqual(asked, ["db.example.com", "db.internal.example.com"]);
});

function noEndpoint(host: string) {
  return {
    message:
      `Host "${host}" is not an RDS endpoint, nor an alias of one: no token is valid for it`,
    hint:
      "Pass the endpoint's own name as --host, and what to dial as --connect",
  };
}

Deno.test("resolveTarget() refuses an alias to nowhere", async () => {
  await assertRefusesLater(
    resolve({ host: "db.example.com" }),
    noEndpoint("db.example.com"),
  );
  await assertRefusesLater(
    resolve({ host: "db.example.com" }, {
      aliases: { "db.example.com": "db.other.example" },
    }),
    noEndpoint("db.example.com"),
  );
});

Deno.test("resolveTarget() refuses aliases that go in a circle", async () => {
  await assertRefusesLater(
    resolve({ host: "a.example" }, {
      aliases: { "a.example": "b.example", "b.example": "a.example" },
    }),
    noEndpoint("a.example"),
  );
});

Deno.test("resolveTarget() follows eight aliases and no more", async () => {
  const aliases: Record<string, string> = { "a7.example": HOST };
  for (let n = 0; n < 7; n++) aliases[`a${n}.example`] = `a${n + 1}.example`;
  const { target, asked } = await resolve({ host: "a0.example" }, { aliases });
  assert.equal(target.host, HOST);
  assert.equal(asked.length, 8);
  aliases["b.example"] = "a0.example";
  await assertRefusesLater(
    resolve({ host: "b.example" }, { aliases }),
    noEndpoint("b.example"),
  );
});

Deno.test("resolveTarget() refuses an alias that leads to a custom endpoint", async () => {
  const custom = "x.cluster-custom-abc.eu-west-1.rds.amazonaws.com";
  await assertRefusesLater(
    resolve({ host: "db.example" }, { aliases: { "db.example": custom } }),
    {
      message:
        `Custom endpoint "${custom}" cannot be used: no token is valid for an Aurora custom endpoint`,
      hint: "Use the cluster's writer, reader or instance endpoint",
    },
  );
});

Deno.test("resolveTarget() wants a host", async () => {
  await assertRefusesLater(resolve({}), {
    message: "No database is named: the host is missing",
    hint: "Pass --host, a postgres://user@host:port/db URL, or set PGHOST",
  });
});

Deno.test("resolveTarget() refuses an address, and says how to dial it", async () => {
  for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "::1"]) {
    await assertRefusesLater(resolve({ host }), {
      message:
        `Host "${host}" is an address, and a token is signed for an endpoint's name`,
      hint: `Pass --host ENDPOINT --connect ${host}`,
    });
  }
});

Deno.test("resolveTarget() refuses a Unix socket", async () => {
  await assertRefusesLater(resolve({ host: "/var/run/postgresql" }), {
    message:
      'Host "/var/run/postgresql" is a Unix socket, and a token is signed for an endpoint\'s name',
    hint: "Pass --host ENDPOINT --connect ADDR:PORT",
  });
});

Deno.test("resolveTarget() refuses a host that holds a port", async () => {
  await assertRefusesLater(resolve({ host: `${HOST}:5432` }), {
    message: `Host "${HOST}:5432" holds a port`,
    hint: `Pass --host ${HOST} --port 5432`,
  });
});

Deno.test("resolveTarget() checks the fields before it looks for a region", async () => {
  await assertRefusesLater(resolve({ host: GLOBAL, port: "0" }), {
    message: 'Port "0" of --port is not valid',
    hint: "Give a whole number from 1 to 65535",
  });
});

Deno.test("resolveTarget() takes the endpoint's region before the environment's", async () => {
  const { target } = await resolve({ host: HOST }, { region: "us-east-1" });
  assert.equal(target.region, "eu-west-1");
});

Deno.test("resolveTarget() takes a given region, and warns when it is not the endpoint's", async () => {
  const { target, warnings } = await resolve({
    host: HOST,
    region: "us-east-1",
  });
  assert.equal(target.region, "us-east-1");
  assert.deepEqual(warnings, [
    "Region us-east-1 of --region is not the endpoint's, eu-west-1: the database will refuse the token",
  ]);
  const same = await resolve({ host: HOST, region: "eu-west-1" });
  assert.deepEqual(same.warnings, []);
});

Deno.test("resolveTarget() takes the profile's region for a global endpoint", async () => {
  const { target, profiles, warnings } = await resolve(
    { host: GLOBAL, profile: "prod" },
    { region: "us-east-1" },
  );
  assert.equal(target.region, "us-east-1");
  assert.deepEqual(profiles, ["prod"]);
  assert.deepEqual(warnings, []);
});

Deno.test("resolveTarget() refuses a global endpoint without a region", async () => {
  for (const region of [undefined, ""]) {
    await assertRefusesLater(
      resolve({ host: GLOBAL }, region === undefined ? {} : { region }),
      {
        message: `Region is missing: the endpoint name "${GLOBAL}" holds none`,
        hint: "Name the primary's region with --region or AWS_REGION",
      },
    );
  }
});

Deno.test("pinConnect() leaves a target without connect, or with an address, alone", async () => {
  const resolver = new FakeResolver();
  for (const host of [undefined, "127.0.0.1", "::1"]) {
    const connect = host === undefined ? {} : { connect: { host, port: 1 } };
    const target = fakeTarget(connect);
    assert.equal(await pinConnect(target, resolver), target);
  }
  assert.deepEqual(resolver.asked, []);
});

Deno.test("pinConnect() looks a name up and keeps the port", async () => {
  const target = fakeTarget({ connect: { host: "bastion", port: 15432 } });
  const resolver = new FakeResolver({}, { bastion: "10.0.0.5" });
  const { connect } = await pinConnect(target, resolver);
  assert.deepEqual(connect, { host: "10.0.0.5", port: 15432 });
});

Deno.test("resolveTarget() asks no name server about what is no host name", async () => {
  const name = "Give the name of one endpoint, and nothing else";
  const cases = [
    ["", "is empty", name],
    [`${HOST},db.example.com`, "names more than one", name],
    [`app:hunter2@${HOST}`, "is no host name", name],
    [`=${HOST}`, "is no host name", name],
    [`${HOST} `, "is no host name", name],
    [
      `postgres://app:hunter2@${HOST}/orders`,
      "is a URL",
      "Pass it as the target instead: postgres://user@host:port/db",
    ],
  ] as const;
  for (const [host, why, hint] of cases) {
    await assertRefusesLater(resolve({ host }), {
      message: `Host of --host ${why}`,
      hint,
    });
  }
});

Deno.test("resolveTarget() refuses an empty region rather than say that the endpoint holds none", async () => {
  await assertRefusesLater(resolve({ host: HOST, region: "" }), {
    message: "Region of --region is empty",
  });
});

Deno.test("resolveTarget() refuses what has not the shape of a region", async () => {
  await assertRefusesLater(resolve({ host: HOST, region: "Ireland" }), {
    message: 'Region "Ireland" is not valid',
    hint: "Write it as eu-west-1",
  });
});
