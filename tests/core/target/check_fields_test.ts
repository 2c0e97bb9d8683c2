import assert from "node:assert/strict";
import { checkFields } from "../../../core/target/check_fields.ts";
import type { Endpoint } from "../../../core/target/endpoint.ts";
import { mergeFields, type TargetFields } from "../../../core/target/fields.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const ENDPOINT: Endpoint = {
  host: "orders.abc.eu-west-1.rds.amazonaws.com",
  kind: "instance",
  partition: "aws",
  region: "eu-west-1",
};

const FLAGS: TargetFields = {
  dbname: "--dbname",
  username: "--username",
  sslmode: "--sslmode",
  port: "--port",
  connect: "--connect",
};

function draft(fields: TargetFields, endpoint = ENDPOINT) {
  const given = mergeFields([{
    origin: (field) => ({ kind: "flag", flag: FLAGS[field] ?? field }),
    fields: { username: "app", ...fields },
  }]);
  return checkFields(given, endpoint);
}

// security: verify-full-default
Deno.test("checkFields() fills in what was not given", () => {
  assert.deepEqual(draft({}), {
    engine: "postgres",
    host: ENDPOINT.host,
    port: 5432,
    username: "app",
    database: "app",
    sslmode: "verify-full",
  });
});

Deno.test("checkFields() keeps what was given", () => {
  assert.deepEqual(
    draft({
      engine: "postgres",
      port: "5433",
      dbname: "orders",
      sslmode: "verify-ca",
      sslrootcert: "/ca.pem",
      profile: "prod",
      roleArn: "arn:aws:iam::1:role/x",
      connect: "localhost:15432",
    }),
    {
      engine: "postgres",
      host: ENDPOINT.host,
      port: 5433,
      username: "app",
      database: "orders",
      sslmode: "verify-ca",
      sslrootcert: "/ca.pem",
      profile: "prod",
      roleArn: "arn:aws:iam::1:role/x",
      connect: { host: "localhost", port: 15432 },
    },
  );
});

Deno.test("checkFields() dials the endpoint's port when connect names none", () => {
  const { connect } = draft({ connect: "127.0.0.1", port: "5433" });
  assert.deepEqual(connect, { host: "127.0.0.1", port: 5433 });
});

Deno.test("checkFields() refuses a custom endpoint", () => {
  const host = "x.cluster-custom-abc.eu-west-1.rds.amazonaws.com";
  assertRefuses(() => draft({}, { ...ENDPOINT, kind: "custom", host }), {
    message:
      `Custom endpoint "${host}" cannot be used: no token is valid for an Aurora custom endpoint`,
    hint: "Use the cluster's writer, reader or instance endpoint",
  });
});

Deno.test("checkFields() refuses an engine that it does not know", () => {
  for (const engine of ["oracle", "", "toString", "__proto__"]) {
    assertRefuses(() => draft({ engine }), {
      message: `Engine "${engine}" is not known`,
      hint: "Known: postgres, mysql, mariadb",
    });
  }
});

Deno.test("checkFields() wants a username", () => {
  assertRefuses(() => checkFields({}, ENDPOINT), {
    message: "Username is missing",
    hint: "Name the database user with --username, -U or PGUSER",
  });
});

Deno.test("checkFields() names the target that lacks a username", () => {
  const host = {
    value: "x",
    origin: {
      kind: "config",
      target: "orders",
      key: "host",
      file: "/rdsiam.toml",
    } as const,
  };
  assertRefuses(() => checkFields({ host }, ENDPOINT), {
    message: 'Username is missing beside targets.orders.host in "/rdsiam.toml"',
    hint: "Name the database user there, or with --username, -U",
  });
});

Deno.test("checkFields() refuses an empty name", () => {
  assertRefuses(() => draft({ username: "" }), {
    message: "Username of --username is empty",
  });
  assertRefuses(() => draft({ dbname: "" }), {
    message: "Database name of --dbname is empty",
  });
});

Deno.test("checkFields() refuses control characters in a name", () => {
  for (const character of ["\0", "\n", "\r", "\t", "\x1b", "\x7f"]) {
    assertRefuses(() => draft({ username: `a${character}b` }), {
      message: "Username of --username holds a control character",
    });
    assertRefuses(() => draft({ dbname: `a${character}b` }), {
      message: "Database name of --dbname holds a control character",
    });
  }
});

Deno.test("checkFields() takes a username of 63 bytes", () => {
  for (const username of ["u".repeat(63), `${"é".repeat(31)}u`]) {
    assert.equal(draft({ username }).username, username);
  }
});

Deno.test("checkFields() refuses a username of 64 bytes", () => {
  for (const username of ["u".repeat(64), "é".repeat(32), "😀".repeat(16)]) {
    assertRefuses(() => draft({ username }), {
      message:
        `Username "${username}" is too long: 64 bytes, where the database keeps 63`,
      hint: "Use the role's name as the database has it",
    });
  }
});

Deno.test("checkFields() counts the characters of a MySQL username", () => {
  assert.equal(
    draft({ engine: "mysql", username: "é".repeat(32) }).username.length,
    32,
  );
  assert.equal(
    draft({ engine: "mariadb", username: "é".repeat(128) }).username.length,
    128,
  );
  const username = "é".repeat(33);
  assertRefuses(() => draft({ engine: "mysql", username }), {
    message:
      `Username "${username}" is too long: 33 characters, where the database keeps 32`,
    hint: "Use the role's name as the database has it",
  });
});

Deno.test("checkFields() takes a MySQL database's own port and no database", () => {
  const { port, database } = draft({ engine: "mysql" });
  assert.deepEqual({ port, database }, { port: 3306, database: "" });
});

// security: never-in-clear
Deno.test("checkFields() refuses an SSL mode that may go on in clear", () => {
  for (const sslmode of ["disable", "allow", "prefer"]) {
    assertRefuses(() => draft({ sslmode }), {
      message:
        `SSL mode "${sslmode}" of --sslmode cannot be used: a token could be sent unencrypted`,
      hint: "Use require, verify-ca, verify-full",
    });
  }
});

Deno.test("checkFields() refuses an SSL mode that does not exist", () => {
  assertRefuses(() => draft({ sslmode: "verify_full" }), {
    message: 'SSL mode "verify_full" of --sslmode cannot be used: no such mode',
    hint: "Use require, verify-ca, verify-full",
  });
});

Deno.test("checkFields() refuses a wrong port or address, naming the option", () => {
  assertRefuses(() => draft({ port: "70000" }), {
    message: 'Port "70000" of --port is not valid',
    hint: "Give a whole number from 1 to 65535",
  });
  assertRefuses(() => draft({ connect: "localhost:0" }), {
    message: 'Port "0" of --connect is not valid',
    hint: "Give a whole number from 1 to 65535",
  });
});
