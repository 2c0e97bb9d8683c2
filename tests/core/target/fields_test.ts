import assert from "node:assert/strict";
import {
  environmentSource,
  type FieldSource,
  mergeFields,
  type TargetFields,
} from "../../../core/target/fields.ts";

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
