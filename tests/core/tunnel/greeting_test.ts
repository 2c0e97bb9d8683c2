import assert from "node:assert/strict";
import { isGreeting } from "../../../core/tunnel/greeting.ts";
import { fillCommand } from "../../../core/tunnel/command.ts";

const text = (words: string) => new TextEncoder().encode(words);

Deno.test("a database's first bytes are told from a banner's", () => {
  const postgres = (bytes: Uint8Array) => isGreeting("postgres", bytes);
  assert.ok(postgres(text("S")));
  assert.ok(postgres(text("N")));
  assert.ok(postgres(Uint8Array.of(0x45, 0, 0, 0, 90, 0x53)), "an error");
  assert.ok(postgres(Uint8Array.of(0x52, 0, 0, 0, 8, 0, 0, 0, 0)));
  assert.ok(postgres(Uint8Array.of(0x16, 3, 3, 0, 90)), "TLS at once");
  for (const banner of ["SSH-2.0-OpenSSH", "Error from server", "Welcome"]) {
    assert.ok(!postgres(text(banner)), banner);
  }
  const mysql = (bytes: Uint8Array) => isGreeting("mysql", bytes);
  assert.ok(mysql(Uint8Array.of(74, 0, 0, 0, 10, 56)));
  assert.ok(mysql(Uint8Array.of(74, 0, 0, 0, 0xff, 16)), "an error");
  assert.ok(!mysql(text("Welcome")));
});

Deno.test("%h and %p are one word each of the shell, whatever they are", () => {
  const address = { host: "a b;$(rm)'", port: 5432 };
  assert.equal(
    fillCommand("nc %h %p 100%%", address),
    `nc 'a b;$(rm)'\\''' 5432 100%`,
  );
  assert.equal(
    fillCommand("ssh -W %h:%p b", { host: "db.internal", port: 1 }),
    "ssh -W db.internal:1 b",
  );
});
