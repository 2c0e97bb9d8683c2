import { RdsiamError } from "../../core/errors.ts";
import type { NamedTarget } from "../../core/target/target.ts";
import type { Writer, WriterEntry } from "../../core/writer/writer.ts";
import { Secret } from "../../core/secret.ts";
import type { AuthToken } from "../../core/token/token.ts";

/** Where a writer's text goes. */
export type Destination =
  | { kind: "file"; path: string }
  | { kind: "stdout" }
  /** The input of a command of the shell, each time anew. */
  | { kind: "command"; command: string };

/** One file to keep right. */
export interface SyncJob {
  writer: Writer;
  destination: Destination;
  /** Whose tokens it gets. */
  targets: readonly NamedTarget[];
  /** Command of the shell to run after a change. */
  onRefresh?: string;
}

/**
 * Reads where a writer's text shall go: `-` is standard output, `|COMMAND` a command's input, anything else a path.
 *
 * @throws {RdsiamError} `usage`, when it is empty
 */
export function parseDestination(text: string): Destination {
  if (text === "-") return { kind: "stdout" };
  if (!text.startsWith("|")) {
    if (text !== "") return { kind: "file", path: text };
    throw new RdsiamError("usage", "The path of a writer's file is empty", {
      hint: "Write NAME=PATH, NAME=- or NAME='|COMMAND'",
    });
  }
  const command = text.slice(1).trim();
  if (command !== "") return { kind: "command", command };
  throw new RdsiamError("usage", "The command after | is missing", {
    hint: "Write it as '|kubectl apply --server-side -f -'",
  });
}

/** What people call a destination. */
export function destinationName(destination: Destination): string {
  switch (destination.kind) {
    case "file":
      return destination.path;
    case "stdout":
      return "standard output";
    case "command":
      return `|${destination.command}`;
  }
}

/** Whether two jobs write the same file, so that the second goes on with what the first did. */
export function isSameDestination(left: SyncJob, right: SyncJob): boolean {
  return left.writer.name === right.writer.name &&
    destinationName(left.destination) === destinationName(right.destination);
}

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
