import { dirname, join } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import { rootsUrl } from "../../core/roots/roots_url.ts";
import { userFolder } from "../../core/config/user_folder.ts";
import { isKeptSafely } from "../files/kept_safely.ts";
import { namesIn } from "../files/names_in.ts";
import { readRoots } from "./pem_roots.ts";
import { replaceFile } from "../files/replace_file.ts";
import { downloadRoots, type Fetch } from "./download.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** How old kept roots may be before they are downloaded anew: AWS adds new ones years before they are used. */
const REFRESH_MS = 30 * 86_400_000;
/** How long after a download that failed the kept roots are left alone. */
const RETRY_MS = 86_400_000;

const DOWNLOAD_TIMEOUT_MS = 10_000;
/** Shorter, since there are roots to go on with. */
const REFRESH_TIMEOUT_MS = 3_000;

/** What {@linkcode regionRoots} works with. */
export interface RegionRootsOptions {
  environment: Environment;
  /** Milliseconds since the epoch. */
  now: number;
  /** Fetches over verified HTTPS; default Deno's own, which heeds `HTTPS_PROXY`. */
  fetch?: Fetch;
}

/**
 * The roots of RDS for a region that rdsiam carries none for: those in the user's cache folder, else from AWS.
 *
 * @returns the roots as PEM
 * @throws {RdsiamError} `unreachable`, when there are none; `usage`, when AWS publishes none for that region
 */
export async function regionRoots(
  region: string,
  { environment, now, fetch = globalThis.fetch }: RegionRootsOptions,
): Promise<string> {
  const url = rootsUrl(region);
  if (url === undefined) {
    throw new RdsiamError(
      "usage",
      `rdsiam knows no roots for databases in region "${region}"`,
      { hint: "Name a file of AWS's roots for it with --sslrootcert" },
    );
  }
  const folder = rootsFolder(environment);
  const path = folder && join(folder, `${region}.pem`);
  const kept = path === undefined ? undefined : await readKept(path, now);
  if (kept?.isFresh) return kept.pem;
  try {
    const timeoutMs = kept === undefined
      ? DOWNLOAD_TIMEOUT_MS
      : REFRESH_TIMEOUT_MS;
    const pem = await downloadRoots(url, { fetch, now, timeoutMs });
    if (path !== undefined) await keep(path, pem, now);
    return pem;
  } catch (error) {
    if (kept === undefined || path === undefined) throw error;
    await setAge(path, now - REFRESH_MS + RETRY_MS).catch(() => {});
    return kept.pem;
  }
}

/** The roots that were kept for all regions, as PEM. */
export async function keptRoots(
  { environment, now }: Pick<RegionRootsOptions, "environment" | "now">,
): Promise<string> {
  const folder = rootsFolder(environment);
  if (folder === undefined) return "";
  const names = (await namesIn(folder)).filter((name) => name.endsWith(".pem"));
  const kept = await Promise.all(
    names.map((name) => readKept(join(folder, name), now)),
  );
  return kept.map((each) => each?.pem ?? "").join("");
}

/**
 * Where downloaded roots are kept.
 *
 * @returns `undefined` when the environment names no home
 */
export function rootsFolder(
  environment: Environment,
  os: string = Deno.build.os,
): string | undefined {
  const folder = userFolder("cache", environment, os);
  return folder && `${folder}${os === "windows" ? "\\" : "/"}rds-ca`;
}

/** What is kept and still good. A file that others can write to is as none: it says whom to trust. */
async function readKept(
  path: string,
  now: number,
): Promise<{ pem: string; isFresh: boolean } | undefined> {
  try {
    if (!await isKeptSafely(path)) return undefined;
    const { mtime } = await Deno.stat(path);
    const age = now - (mtime?.getTime() ?? 0);
    const pem = readRoots(await Deno.readTextFile(path), now);
    return { pem, isFresh: age >= 0 && age < REFRESH_MS };
  } catch {
    return undefined;
  }
}

/** Without a place for them they are downloaded each time. */
async function keep(path: string, pem: string, now: number): Promise<void> {
  try {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replaceFile(path, pem);
    await setAge(path, now);
  } catch {
    // A full disk or a read-only home is no reason to keep somebody from logging in.
  }
}

async function setAge(path: string, time: number): Promise<void> {
  await Deno.utime(path, new Date(time), new Date(time));
}
