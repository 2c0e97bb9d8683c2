import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../../core/secret.ts";
import {
  formatConnectionUrl,
  isConnectionUrl,
  parseConnectionUrl,
} from "../../../core/target/connection_url.ts";
import type { Target } from "../../../core/target/target.ts";
import { fakeTarget } from "../../fakes.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("isConnectionUrl() tells a URL from a target's name", () => {
  assert.equal(isConnectionUrl("postgres://host"), true);
  assert.equal(isConnectionUrl("orders"), false);
});

Deno.test("parseConnectionUrl() reads every part", () => {
  assert.deepEqual(
    parseConnectionUrl(
      "postgresql://app@orders.example:5433/db?sslmode=require&sslrootcert=%2Fca.pem&hostaddr=127.0.0.1" +
        "&region=eu-west-1&profile=prod&role_arn=arn:aws:iam::1:role/x=y",
    ),
    {
      engine: "postgres",
      username: "app",
      host: "orders.example",
      port: "5433",
      dbname: "db",
      sslmode: "require",
      sslrootcert: "/ca.pem",
      connect: "127.0.0.1",
      region: "eu-west-1",
      profile: "prod",
      roleArn: "arn:aws:iam::1:role/x=y",
    },
  );
});

Deno.test("parseConnectionUrl() leaves out what is not there", () => {
  for (const text of ["postgres://", "postgres:///", "postgres:///?"]) {
    assert.deepEqual(parseConnectionUrl(text), { engine: "postgres" });
  }
  assert.deepEqual(parseConnectionUrl("postgres://h"), {
    engine: "postgres",
    host: "h",
  });
});

Deno.test("parseConnectionUrl() takes the parts as parameters, as libpq does", () => {
  assert.deepEqual(
    parseConnectionUrl("postgres:///?host=h&port=1&user=u&dbname=d"),
    { engine: "postgres", host: "h", port: "1", username: "u", dbname: "d" },
  );
});

Deno.test("parseConnectionUrl() decodes percent signs and leaves a plus alone", () => {
  const { username, dbname } = parseConnectionUrl(
    "postgres://jane.doe%40example.com@h/a+b%2Fc%20%C3%A9",
  );
  assert.equal(username, "jane.doe@example.com");
  assert.equal(dbname, "a+b/c é");
});

Deno.test("parseConnectionUrl() takes an IPv6 host out of its brackets", () => {
  assert.equal(parseConnectionUrl("postgres://[::1]:5432/").host, "::1");
});

Deno.test("parseConnectionUrl() refuses a password, also an empty one", () => {
  for (const login of ["app:hunter2", "app:", ":hunter2", "app:hun@ter2"]) {
    assertRefuses(() => parseConnectionUrl(`postgres://${login}@host/db`), {
      message: "Connection URL holds a password, which does not belong there",
      hint:
        "Leave it out: rdsiam signs a token, and takes an administrator's password from PGPASSWORD or the passfile",
    });
  }
});

Deno.test("parseConnectionUrl() repeats nothing of a malformed URL", () => {
  for (
    const text of [
      "oracle://app:hunter2@host/db",
      "postgres:app:hunter2@host",
      "POSTGRES://app@host",
      "postgres://app:hun/ter2@host/db",
      "postgres://app:hun#ter2@host/db",
      "postgres://app:hun?ter2@host/db",
      "postgres://app:db.x.rds.amazonaws.com:5432/?Action=connect@host/db",
      "postgres://one:1,two:2/db",
      "postgres://[::1/db",
      "postgres://host:54x2/db",
      "postgres://host/db#fragment",
    ]
  ) {
    assertRefuses(() => parseConnectionUrl(text), {
      message: "Connection URL is not valid",
      hint:
        "Write it as postgres://user@host:port/db, other characters percent-encoded",
    });
  }
});

const KNOWN =
  "Known: host, port, user, dbname, hostaddr, sslmode, sslrootcert, ssl-mode, ssl-ca, region, profile, role_arn";

Deno.test("parseConnectionUrl() refuses a parameter that it does not know, without its value", () => {
  for (const name of ["password", "application_name", "toString"]) {
    assertRefuses(() => parseConnectionUrl(`postgres://h/d?${name}=hunter2`), {
      message:
        `Connection URL has the parameter "${name}", which rdsiam does not know`,
      hint: KNOWN,
    });
  }
});

Deno.test("parseConnectionUrl() does not repeat a parameter that looks like no name", () => {
  for (
    const query of ["hunter2@host/db", "=x", "a%20b=1", "sslmode=require&"]
  ) {
    assertRefuses(() => parseConnectionUrl(`postgres://app:1234?${query}`), {
      message: "Connection URL has a parameter that rdsiam does not know",
      hint: KNOWN,
    });
  }
});

Deno.test("parseConnectionUrl() refuses a percent sign that starts no character code", () => {
  for (const text of ["%", "%4", "%zz", "%FF"]) {
    assertRefuses(() => parseConnectionUrl(`postgres://app@host/${text}`), {
      message:
        "Connection URL is not valid: a percent sign starts no character code",
      hint: "Write a percent sign itself as %25",
    });
  }
});

Deno.test("parseConnectionUrl() never repeats a password", () => {
  const password = fc.string({ unit: "grapheme", maxLength: 20 })
    .map((text) => `hunter2${text}`);
  const error = (text: string) => {
    try {
      return JSON.stringify(parseConnectionUrl(text)) && "";
    } catch (error) {
      return String(error);
    }
  };
  fc.assert(fc.property(password, (password) => {
    const said = error(`postgres://app:${password}@db.example:5432/orders`);
    assert.equal(said.includes("hunter2"), false, said);
  }));
});

Deno.test("formatConnectionUrl() writes a URL that needs nothing else", () => {
  assert.equal(
    formatConnectionUrl(
      fakeTarget({ username: "jane@example.com", sslrootcert: "/a b/ca.pem" }),
      new Secret("h:5432/?Action=connect&DBUser=a%2Bb"),
    ),
    "postgresql://jane%40example.com:h%3A5432%2F%3FAction%3Dconnect%26DBUser%3Da%252Bb" +
      "@orders.abc.eu-west-1.rds.amazonaws.com:5432/orders?sslmode=verify-full&sslrootcert=%2Fa%20b%2Fca.pem",
  );
});

Deno.test("formatConnectionUrl() keeps the name and dials the other address with connect", () => {
  const target = fakeTarget({ connect: { host: "::1", port: 15432 } });
  assert.equal(
    formatConnectionUrl(target, new Secret("t")),
    "postgresql://app:t@orders.abc.eu-west-1.rds.amazonaws.com:15432/orders?sslmode=verify-full&hostaddr=%3A%3A1",
  );
});

Deno.test("formatConnectionUrl() writes MySQL's own words for a MySQL database", () => {
  const target = fakeTarget({
    engine: "mysql",
    host: "shop.abc.eu-west-1.rds.amazonaws.com",
    port: 3306,
    database: "",
    sslrootcert: "/ca.pem",
  });
  assert.equal(
    formatConnectionUrl(target, new Secret("t")),
    "mysql://app:t@shop.abc.eu-west-1.rds.amazonaws.com:3306/?ssl-mode=VERIFY_IDENTITY&ssl-ca=%2Fca.pem",
  );
});

Deno.test("formatConnectionUrl() dials the other address for a MySQL database that need not be verified by name", () => {
  const connect = { host: "127.0.0.1", port: 13306 };
  const target = fakeTarget({
    engine: "mariadb",
    sslmode: "verify-ca",
    connect,
  });
  assert.equal(
    formatConnectionUrl(target, new Secret("t")),
    "mariadb://app:t@127.0.0.1:13306/orders?ssl-mode=VERIFY_CA",
  );
});

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 })
  .filter((text) => text.isWellFormed());
const targets: fc.Arbitrary<Target> = fc.record({
  username: text,
  database: text,
  port: fc.integer({ min: 1, max: 65535 }),
  sslrootcert: text,
  sslmode: fc.constantFrom<Target["sslmode"]>("require", "verify-full"),
  engine: fc.constantFrom<Target["engine"]>("postgres", "mysql", "mariadb"),
}).map(fakeTarget);

Deno.test("formatConnectionUrl() writes what WHATWG URL reads back", () => {
  fc.assert(fc.property(targets, text, (target, token) => {
    const url = new URL(formatConnectionUrl(target, new Secret(token)));
    assert.equal(decodeURIComponent(url.username), target.username);
    assert.equal(decodeURIComponent(url.password), token);
    assert.equal(url.hostname, target.host);
    assert.equal(url.port, String(target.port));
    const roots = url.searchParams.get(
      target.engine === "postgres" ? "sslrootcert" : "ssl-ca",
    );
    assert.equal(roots, target.sslrootcert);
    // WHATWG takes "." and ".." out of a path, and libpq does not.
    if (!/^\.{1,2}$/.test(target.database)) {
      assert.equal(decodeURIComponent(url.pathname), `/${target.database}`);
    }
  }));
});

Deno.test("formatConnectionUrl() writes, but for the token, what parseConnectionUrl() reads back", () => {
  fc.assert(fc.property(targets, (target) => {
    const url = formatConnectionUrl(target, new Secret("TOKEN"));
    assert.deepEqual(parseConnectionUrl(url.replace(":TOKEN@", "@")), {
      engine: target.engine,
      username: target.username,
      host: target.host,
      port: String(target.port),
      dbname: target.database,
      sslmode: target.sslmode,
      sslrootcert: target.sslrootcert,
    });
  }));
});
