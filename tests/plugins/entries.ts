/** Entries for the tests of writers. */
import fc from "fast-check";
import { Secret } from "../../core/secret.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";
import { START } from "../fakes.ts";
import { tokenVector } from "../testdata/token_vectors.ts";
import { anyCharacter } from "../any_character.ts";

/** A token of RDS's own shape. */
export const TOKEN: string = tokenVector("email+st").js;

/** An entry that is complete, but for what the test wants otherwise. */
export function entry(
  name: string,
  changes: Partial<WriterEntry> = {},
): WriterEntry {
  return {
    name,
    engine: "postgres",
    host: `${name}.abc.eu-west-1.rds.amazonaws.com`,
    port: 5432,
    username: "app",
    database: name,
    sslmode: "verify-full",
    sslrootcert: "/home/u/.rdsiam/rds-ca.pem",
    passfile: "/home/me/.pgpass",
    rdsiam: ["/usr/local/bin/rdsiam"],
    password: new Secret(`${name}:1`),
    expiresAt: START + 900_000,
    ...changes,
  };
}

/** An entry with a real token, but for what the test wants otherwise. */
export function fakeEntry(changes: Partial<WriterEntry> = {}): WriterEntry {
  return entry("orders", { password: new Secret(TOKEN), ...changes });
}

/** The same of a MySQL database. */
export function fakeMysqlEntry(
  changes: Partial<WriterEntry> = {},
): WriterEntry {
  return fakeEntry({
    name: "shop",
    engine: "mysql",
    host: "shop.abc.eu-west-1.rds.amazonaws.com",
    port: 3306,
    database: "",
    ...changes,
  });
}

/** A field of a passfile: whatever has no line break, with what needs escapes more often than by chance. */
export const field = fc.oneof(
  fc.string({ minLength: 1, unit: anyCharacter }),
  fc.string({
    minLength: 1,
    unit: fc.constantFrom(":", "\\", "*", "#", " ", "a", "ü"),
  }),
).filter((text) => !/[\r\n\0]/.test(text));

/** Entries of any fields and different names, some of the same login. */
export const entries = fc.uniqueArray(
  fc.record({
    name: fc.oneof(fc.constantFrom("a", "b", "a,b", "x y%"), field),
    host: fc.oneof(fc.constantFrom("db", "DB", "localhost"), field),
    port: fc.constantFrom(5432, 5433),
    connect: fc.option(
      fc.record({
        host: fc.constantFrom("127.0.0.1", "::1", "localhost", "tunnel"),
        port: fc.constantFrom(5432, 15432),
      }),
    ),
    username: fc.oneof(fc.constantFrom("app", "*"), field),
    database: field.filter((text) => text !== "*"),
    password: field.map((text) => new Secret(text)),
    age: fc.nat(900_000),
  }),
  { selector: (made) => made.name, maxLength: 6 },
).map((made) =>
  made.map(({ connect, age, ...rest }) =>
    entry("x", {
      ...rest,
      expiresAt: START + age,
      ...(connect === null ? {} : { connect }),
    })
  )
);
