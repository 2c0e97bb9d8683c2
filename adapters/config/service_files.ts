import { join } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import {
  parseServiceFile,
  type PgService,
} from "../../core/target/service_file.ts";
import { homeFolder } from "./config_paths.ts";

/** A section of a service file, and the file. */
export interface FoundPgService extends PgService {
  /** Path of the file that it stands in. */
  file: string;
}

/**
 * Every section of libpq's service files: the user's own (`PGSERVICEFILE`, else in the home folder), which goes first,
 * and the system's in `PGSYSCONFDIR` (PostgreSQL manual, "The Connection Service File").
 *
 * @throws {RdsiamError} `failed`, when a file is there but cannot be read
 */
export async function loadPgServices(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<FoundPgService[]> {
  const { PGSYSCONFDIR } = environment;
  const paths: string[] = [];
  const own = userServiceFile(environment);
  if (own !== undefined) paths.push(own);
  if (PGSYSCONFDIR) paths.push(join(PGSYSCONFDIR, "pg_service.conf"));
  const services = new Map<string, FoundPgService>();
  for (const file of paths) {
    for (const service of parseServiceFile(await read(file))) {
      if (services.has(service.name)) continue;
      services.set(service.name, { ...service, file });
    }
  }
  return [...services.values()];
}

function userServiceFile(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const { PGSERVICEFILE, APPDATA } = environment;
  if (PGSERVICEFILE) return PGSERVICEFILE;
  if (Deno.build.os === "windows") {
    return APPDATA
      ? join(APPDATA, "postgresql", ".pg_service.conf")
      : undefined;
  }
  const home = homeFolder(environment);
  return home && join(home, ".pg_service.conf");
}

async function read(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotADirectory
    ) return "";
    throw new RdsiamError("failed", `Service file "${path}" cannot be read`, {
      hint: "Check its owner and mode, or name another with PGSERVICEFILE",
      cause,
    });
  }
}
