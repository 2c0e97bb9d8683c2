import { Secret } from "../../core/secret.ts";
import type { WriterEntry } from "../../core/writer.ts";
import { START } from "../fakes.ts";
import { tokenVector } from "../testdata/token_vectors.ts";

/** A token of RDS's own shape. */
export const TOKEN: string = tokenVector("email+st").js;

/** What a writer gets of a target, but for what the test wants otherwise. */
export function fakeEntry(changes: Partial<WriterEntry> = {}): WriterEntry {
  return {
    name: "orders",
    engine: "postgres",
    host: "orders.abc.eu-west-1.rds.amazonaws.com",
    port: 5432,
    username: "app",
    database: "orders",
    sslmode: "verify-full",
    sslrootcert: "/home/u/.rdsiam/rds-ca.pem",
    passfile: "/home/u/.pgpass",
    rdsiam: ["/usr/local/bin/rdsiam"],
    password: new Secret(TOKEN),
    expiresAt: START + 900_000,
    ...changes,
  };
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
