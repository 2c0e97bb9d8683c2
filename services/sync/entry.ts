import type { NamedTarget } from "../../core/target/named_target.ts";
import { Secret } from "../../core/secret.ts";
import type { AuthToken } from "../../core/token/token.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";

/** What entries point to beside their targets. */
export interface Places {
  /** Path of a file with the roots that rdsiam carries, for targets that name none. */
  roots: string;
  /** Path of the passfile. */
  passfile: string;
  /** The command line that calls rdsiam. */
  rdsiam: readonly string[];
}

/**
 * Makes what a writer gets of a target.
 *
 * @param token the target's token; none for a file without secrets
 * @param onRoots is called when the writer asks for the path of rdsiam's own roots, which then must be there
 */
export function writerEntry(
  { name, target, connectName }: NamedTarget,
  token: AuthToken | undefined,
  places: Places,
  onRoots: () => void,
): WriterEntry {
  const { engine, host, port, username, database, sslmode, connect } = target;
  return {
    name,
    engine,
    host,
    port,
    ...(connect !== undefined && {
      connect: {
        ...connect,
        ...(connectName !== undefined && { name: connectName }),
      },
    }),
    username,
    database,
    sslmode,
    get sslrootcert() {
      if (target.sslrootcert !== undefined) return target.sslrootcert;
      onRoots();
      return places.roots;
    },
    passfile: places.passfile,
    rdsiam: places.rdsiam,
    password: token?.secret ?? new Secret(""),
    expiresAt: token?.expiresAt ?? 0,
  };
}
