import { Secret } from "../../core/secret.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";

/** A part of every token of {@linkcode contractEntries} that no escaping changes, other for each round. */
export function contractMark(round: number, index: number): string {
  return `0123456789abcdef${round}x${index}`;
}

/**
 * Two targets as rdsiam hands them to writers; the second is dialled through a tunnel, where `connect` is not set to
 * something else. The tokens are another each round.
 */
export function contractEntries(
  round: number,
  changes: Partial<WriterEntry> = {},
): readonly WriterEntry[] {
  return [["orders", "app"], ["billing", "reports"]].map(
    ([name = "", username = ""], index) => {
      const host = `${name}.abc123.eu-west-1.rds.amazonaws.com`;
      const entry: WriterEntry = {
        name,
        engine: "postgres",
        host,
        port: 5432,
        ...(index > 0 && { connect: { host: "127.0.0.1", port: 15_432 } }),
        username,
        database: name,
        sslmode: "verify-full",
        sslrootcert: "/home/u/.rdsiam/roots.pem",
        passfile: "/home/u/.pgpass",
        rdsiam: ["/usr/local/bin/rdsiam"],
        password: new Secret(
          tokenOf(host, username, contractMark(round, index)),
        ),
        expiresAt: Date.UTC(2026, 0, 15, 12, 49, 56) + round * 600_000,
        ...changes,
      };
      return entry;
    },
  );
}

function tokenOf(host: string, username: string, mark: string): string {
  return `${host}:5432/?Action=connect&DBUser=${username}&X-Amz-Algorithm=AWS4-HMAC-SHA256` +
    `&X-Amz-Credential=AKIAEXAMPLE%2F20260115%2Feu-west-1%2Frds-db%2Faws4_request` +
    `&X-Amz-Date=20260115T123456Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host&X-Amz-Signature=${mark}`;
}
