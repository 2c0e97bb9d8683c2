import assert from "node:assert/strict";
import { passfileAddresses } from "../../../core/passfile/addresses.ts";
import { Secret } from "../../../core/secret.ts";
import type { WriterEntry } from "../../../core/writer/writer.ts";

const ENTRY: WriterEntry = {
  name: "orders",
  engine: "postgres",
  host: "db",
  port: 5432,
  username: "app",
  database: "orders",
  sslmode: "verify-full",
  sslrootcert: "/rds.pem",
  passfile: "/passfile",
  rdsiam: ["rdsiam"],
  password: new Secret("token"),
  expiresAt: 0,
};

function addresses(connect?: WriterEntry["connect"]): string[] {
  return passfileAddresses(connect ? { ...ENTRY, connect } : ENTRY)
    .map(({ host, port }) => `${host} ${port}`);
}

Deno.test("passfileAddresses() gives the endpoint", () => {
  assert.deepEqual(addresses(), ["db 5432"]);
});

Deno.test("passfileAddresses() gives what is dialled, and the endpoint at its port as libpq with hostaddr has it", () => {
  assert.deepEqual(addresses({ host: "tunnel", port: 15432 }), [
    "db 5432",
    "db 15432",
    "tunnel 15432",
  ]);
});

Deno.test("passfileAddresses() gives this machine's names, each once", () => {
  const names = ["localhost 5432", "127.0.0.1 5432"];
  for (
    const [host, own] of [["localhost", []], ["::1", ["::1 5432"]]] as const
  ) {
    assert.deepEqual(addresses({ host, port: 5432 }), [
      "db 5432",
      ...own,
      ...names,
    ]);
  }
  assert.deepEqual(
    addresses({ host: "127.0.0.1", port: 5432 }).toSorted(),
    ["db 5432", ...names].toSorted(),
  );
});

Deno.test("passfileAddresses() gives the name of what is dialled beside its address", () => {
  assert.deepEqual(
    addresses({ host: "10.0.0.7", port: 15432, name: "bastion" }),
    ["db 5432", "db 15432", "10.0.0.7 15432", "bastion 15432"],
  );
});
