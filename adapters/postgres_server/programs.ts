import { join } from "node:path";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { findPostgresBinaries, type PostgresBinaries } from "./binaries.ts";
import { unpackPostgres } from "./package.ts";
import { runAs, type ServerUser } from "../local_server/server_user.ts";

/** Server programs that run on this machine. */
export interface PostgresPrograms {
  /** The folder with `postgres` and `initdb`. */
  bin: string;
  /** The version as the server says it, such as `18.4`. */
  version: string;
  /** Its first number: a data folder belongs to one. */
  major: number;
}

/** Where programs may come from, and who is to run them. */
export interface PreparePostgresOptions {
  /** The folder given with `--postgres`; left out, the best that this machine has. */
  directory: string | undefined;
  /** An existing folder in which to unpack a package. */
  folder: string;
  /** The user to run them as; `undefined` for our own. */
  user: ServerUser | undefined;
}

/**
 * Finds server programs and makes sure that they run.
 *
 * @throws {RdsiamError} `usage` when those of the given folder do not, `failed` when this machine has none
 */
export async function preparePostgres(
  { directory, folder, user }: PreparePostgresOptions,
): Promise<PostgresPrograms> {
  let failure: RdsiamError | undefined;
  for await (const binaries of findPostgresBinaries(directory)) {
    try {
      return await prepare(binaries, folder, user);
    } catch (cause) {
      failure ??= programError(binaries.bin, user, cause);
      if (directory !== undefined) throw failure;
    }
  }
  throw failure ?? new RdsiamError(
    "failed",
    "PostgreSQL cannot be started: this machine has no programs of a PostgreSQL server",
    { hint: "Install PostgreSQL, or name its folder with --postgres DIR" },
  );
}

async function prepare(
  { bin, packed }: PostgresBinaries,
  folder: string,
  user: ServerUser | undefined,
): Promise<PostgresPrograms> {
  if (packed === undefined) return await askVersion(bin, user);
  const target = join(folder, "postgres");
  try {
    await unpackPostgres(packed, { target, folder, user });
    return await askVersion(join(target, "bin"), user);
  } catch (error) {
    await Deno.remove(target, { recursive: true }).catch(() => {});
    throw error;
  }
}

async function askVersion(
  bin: string,
  user: ServerUser | undefined,
): Promise<PostgresPrograms> {
  const command = [join(bin, "postgres"), "--version"] as const;
  const { stdout, stderr } = await runAs(user, command);
  const [, version] = stdout.match(/\(PostgreSQL\) (\d\S*)/) ?? [];
  if (version === undefined) {
    const [why = ""] = stderr.split("\n");
    throw new Error(why || "it does not tell its version");
  }
  return { bin, version, major: Number.parseInt(version) };
}

function programError(
  bin: string,
  user: ServerUser | undefined,
  cause: unknown,
): RdsiamError {
  const who = user === undefined ? "" : ` as user ${user.name}`;
  const why = errorMessage(cause);
  return new RdsiamError(
    "failed",
    `Program "${join(bin, "postgres")}" cannot be run${who}: ${why}`,
    {
      hint: "Install PostgreSQL, or name its folder with --postgres DIR",
      cause,
    },
  );
}
