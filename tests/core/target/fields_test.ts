import assert from "node:assert/strict";
import fc from "fast-check";
import {
  chooseSslMode,
  describeWeakness,
  environmentSource,
  type FieldSource,
  type Given,
  mergeFields,
  type Origin,
  type TargetFields,
} from "../../../core/target/fields.ts";
import { fakeTarget } from "../../fakes.ts";

function source(name: string, fields: TargetFields): FieldSource {
  return {
    origin: (field) => ({ kind: "flag", flag: `${name} ${field}` }),
    fields,
  };
}

Deno.test("mergeFields() takes each field from the first source that has it", () => {
  assert.deepEqual(
    mergeFields([
      source("option", { host: "a" }),
      source("url", { host: "b", port: "1" }),
      source("environment", { host: "c", port: "2", username: "u" }),
    ]),
    {
      host: { value: "a", origin: { kind: "flag", flag: "option host" } },
      port: { value: "1", origin: { kind: "flag", flag: "url port" } },
      username: {
        value: "u",
        origin: { kind: "flag", flag: "environment username" },
      },
    },
  );
});

Deno.test("mergeFields() keeps an empty value that was given", () => {
  assert.deepEqual(
    mergeFields([source("option", { host: "" }), source("url", { host: "b" })]),
    { host: { value: "", origin: { kind: "flag", flag: "option host" } } },
  );
});

Deno.test("mergeFields() of nothing is nothing", () => {
  assert.deepEqual(mergeFields([]), {});
});

Deno.test("environmentSource() reads libpq's variables, and none of AWS's", () => {
  const { origin, fields } = environmentSource({
    PGHOST: "h",
    PGPORT: "1",
    PGUSER: "u",
    PGDATABASE: "d",
    PGHOSTADDR: "127.0.0.1",
    PGSSLMODE: "require",
    PGSSLROOTCERT: "/ca.pem",
    AWS_PROFILE: "prod",
    PGPASSWORD: "hunter2",
    AWS_REGION: "eu-west-1",
  });
  assert.deepEqual(fields, {
    host: "h",
    port: "1",
    username: "u",
    dbname: "d",
    connect: "127.0.0.1",
    sslmode: "require",
    sslrootcert: "/ca.pem",
  });
  assert.deepEqual(origin("connect"), {
    kind: "environment",
    variable: "PGHOSTADDR",
  });
  assert.deepEqual(origin("region"), {
    kind: "environment",
    variable: "region",
  });
});

Deno.test("environmentSource() minds RDSIAM_TUNNEL alone for another engine", () => {
  const environment = { PGHOST: "h", PGPORT: "1", RDSIAM_TUNNEL: "ssh:b" };
  assert.deepEqual(environmentSource(environment, "mysql").fields, {
    tunnel: "ssh:b",
  });
});

Deno.test("environmentSource() takes an empty variable for an unset one", () => {
  assert.deepEqual(environmentSource({ PGHOST: "", PGPORT: "1" }).fields, {
    port: "1",
  });
});

const ORIGINS = {
  flag: { kind: "flag", flag: "--sslmode" },
  url: { kind: "url", place: "RDSIAM_TARGET" },
  config: { kind: "config", target: "o", key: "sslmode", file: "f" },
  service: { kind: "service", service: "s", setting: "sslmode", file: "f" },
  environment: { kind: "environment", variable: "PGSSLMODE" },
} as const satisfies Record<string, Origin>;

type Place = keyof typeof ORIGINS;

function mode([place, value]: readonly [Place, string]): Given {
  return { value, origin: ORIGINS[place] };
}

/** What counts of these modes, and what is ignored, as `PLACE MODE`. */
function choose(...modes: (readonly [Place, string])[]) {
  const { chosen, ignored } = chooseSslMode(modes.map(mode));
  const text = ({ value, origin }: Given) => `${origin.kind} ${value}`;
  return [chosen && text(chosen), ignored.map(text)];
}

// security: who-may-weaken
Deno.test("chooseSslMode() lets an option, a URL or the configuration weaken the verification", () => {
  for (const place of ["flag", "url", "config"] as const) {
    assert.deepEqual(choose([place, "require"]), [`${place} require`, []]);
  }
});

Deno.test("chooseSslMode() lets neither PGSSLMODE nor a service weaken it", () => {
  for (
    const value of ["verify-ca", "require", "prefer", "allow", "disable", "x"]
  ) {
    for (const place of ["environment", "service"] as const) {
      assert.deepEqual(choose([place, value]), [undefined, [
        `${place} ${value}`,
      ]]);
    }
  }
});

// security: ambient-only-strengthens
Deno.test("chooseSslMode() lets PGSSLMODE strengthen what the default target's configuration says", () => {
  const rows = [
    ["verify-full", "require", "environment verify-full", []],
    ["verify-ca", "require", "environment verify-ca", []],
    ["require", "require", "config require", []],
    ["prefer", "require", "config require", ["environment prefer"]],
    ["require", "verify-ca", "config verify-ca", ["environment require"]],
  ] as const;
  for (const [variable, configured, chosen, ignored] of rows) {
    assert.deepEqual(
      choose(["environment", variable], ["config", configured]),
      [chosen, ignored],
    );
  }
});

Deno.test("chooseSslMode() takes what is typed before PGSSLMODE, and says nothing of that", () => {
  assert.deepEqual(
    choose(["flag", "require"], ["environment", "verify-full"]),
    ["flag require", []],
  );
  assert.deepEqual(
    choose(["flag", "verify-full"], ["environment", "prefer"]),
    ["flag verify-full", []],
  );
});

Deno.test("chooseSslMode() takes PGSSLMODE=verify-full for what it is", () => {
  assert.deepEqual(choose(["environment", "verify-full"]), [
    "environment verify-full",
    [],
  ]);
});

// security: ambient-only-strengthens
Deno.test("chooseSslMode() is never weaker than without the environment and services", () => {
  const strength = ["require", "verify-ca", "verify-full"];
  const one = fc.tuple(
    fc.constantFrom(...Object.keys(ORIGINS) as Place[]),
    fc.constantFrom("disable", "prefer", ...strength),
  );
  const isSaid = ([place, value]: readonly [Place, string]) =>
    place !== "environment" && place !== "service" || strength.includes(value);
  fc.assert(fc.property(fc.array(one.filter(isSaid)), (modes) => {
    const said = modes.filter(([place]) =>
      place !== "environment" && place !== "service"
    );
    const rank = (list: typeof modes) =>
      strength.indexOf(
        chooseSslMode(list.map(mode)).chosen?.value ?? "verify-full",
      );
    assert.ok(rank(modes) >= rank(said));
  }));
});

// security: weak-is-said
Deno.test("describeWeakness() says what is not verified, and by whose word", () => {
  const { host } = fakeTarget();
  const given = mode(["config", "require"]);
  assert.equal(describeWeakness(fakeTarget(), undefined), undefined);
  assert.equal(
    describeWeakness(fakeTarget({ sslmode: "require" }), given),
    `Server "${host}" is not verified (sslmode require of targets.o.sslmode in "f"): whoever controls the network can take its place`,
  );
  assert.equal(
    describeWeakness(
      fakeTarget({ sslmode: "require", sslrootcert: "/ca.pem" }),
      given,
    ),
    `The name of server "${host}" is not checked (sslmode require of targets.o.sslmode in "f"): another server of the same authorities can take its place`,
  );
});
