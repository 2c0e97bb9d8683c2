import assert from "node:assert/strict";
import {
  type AttemptedLogin,
  noEntry,
  protocolViolation,
  readLogin,
  tokenRefused,
} from "../../../services/emulator/refusals.ts";

const LOGIN: AttemptedLogin = {
  username: "app",
  database: "orders",
  isReplication: false,
  remoteHost: "203.0.113.9",
};

function login(parameters: Record<string, string>): AttemptedLogin {
  return readLogin(new Map(Object.entries(parameters)), LOGIN.remoteHost);
}

Deno.test("readLogin() reads user and database", () => {
  assert.deepEqual(login({ user: "app", database: "orders" }), LOGIN);
});

Deno.test("readLogin() takes the user for the database that is not named", () => {
  assert.equal(login({ user: "app" }).database, "app");
  assert.equal(login({ user: "app", database: "" }).database, "app");
  assert.deepEqual(login({}), { ...LOGIN, username: "", database: "" });
});

Deno.test("readLogin() reads replication as PostgreSQL reads a boolean", () => {
  for (
    const text of ["database", "true", "t", "TRUE", "yes", "y", "on", "On", "1"]
  ) {
    assert.equal(login({ replication: text }).isReplication, true, text);
  }
  for (const text of ["", "false", "f", "no", "off", "0", "o", "2", "truex"]) {
    assert.equal(login({ replication: text }).isReplication, false, text);
  }
});

Deno.test("tokenRefused() has RDS's words", () => {
  assert.deepEqual(tokenRefused(LOGIN), {
    code: "28000",
    message: 'PAM authentication failed for user "app"',
  });
});

Deno.test("noEntry() has PostgreSQL's words of each version", () => {
  const rows: [major: number, isEncrypted: boolean, words: string][] = [
    [18, false, "no encryption"],
    [14, true, "SSL encryption"],
    [13, false, "SSL off"],
    [13, true, "SSL on"],
  ];
  for (const [major, isEncrypted, words] of rows) {
    assert.deepEqual(noEntry(LOGIN, isEncrypted, major), {
      code: "28000",
      message:
        `no pg_hba.conf entry for host "203.0.113.9", user "app", database "orders", ${words}`,
    });
  }
});

Deno.test("noEntry() names no database for replication", () => {
  assert.deepEqual(noEntry({ ...LOGIN, isReplication: true }, true, 17), {
    code: "28000",
    message:
      'no pg_hba.conf entry for replication connection from host "203.0.113.9", user "app", SSL encryption',
  });
});

Deno.test("protocolViolation() has its own code", () => {
  assert.deepEqual(protocolViolation(), {
    code: "08P01",
    message: "invalid startup packet",
  });
});
