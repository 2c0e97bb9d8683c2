import { RdsiamError } from "../errors.ts";

/** What the system is to keep running for a user. */
export interface DaemonDefinition {
  /** Its name; one of {@linkcode isDaemonName}. */
  name: string;
  /** The program, absolute, and its arguments. */
  command: readonly [string, ...string[]];
  /** The folder that it runs in, absolute. */
  folder: string;
  /** Variables that it gets besides those of the system. */
  environment: Readonly<Record<string, string>>;
}

/** What a service's file says of its origin. A file without it is somebody else's. */
export const DAEMON_MARK = "Written by rdsiam service install";

/** Whether a service may have this name: it becomes a file's, and a task's on Windows. */
export function isDaemonName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name);
}

/** What the user reads about a service. */
export function describeDaemon({ name }: DaemonDefinition): string {
  return `${name}: keeps database logins fresh`;
}

/**
 * What to say of a text that a service's file cannot hold.
 *
 * @param what what it is, as `argument 3` or `variable "PATH"`; never the text
 */
export function unwritable(what: string, format: string): RdsiamError {
  return new RdsiamError(
    "usage",
    `The service cannot be written: ${what} holds a character that ${format} cannot hold`,
    { hint: "Leave out control characters" },
  );
}
