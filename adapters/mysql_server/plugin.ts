import { type ProgramResult, runProgram } from "../process/run_program.ts";
import { dirname, join } from "node:path";
import { RdsiamError } from "../../core/errors.ts";
import { userFolder } from "../../core/config/user_folder.ts";
import { isKeptSafely } from "../files/kept_safely.ts";
import { PLUGIN_SOURCE } from "./plugin_source.ts";

/** The plugin's file in the folder that the server loads plugins from. */
export const PLUGIN_FILE = "rdsiam_auth.so";

const FLAGS = ["-O2", "-shared", "-fPIC", "-fvisibility=hidden"];

/** Where the plugin goes, and what it is made with. */
export interface InstallPluginOptions {
  /** An existing folder, absolute. */
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** The C compiler; `cc` by default. */
  compiler?: string;
}

/**
 * Puts the authentication plugin into a folder: the one that an earlier start has left in the cache folder, else a newly
 * compiled one, which is kept there under the hash of its source.
 *
 * @throws {RdsiamError} `failed`, when there is no C compiler or it fails
 */
export async function installPlugin(
  { folder, environment, compiler = "cc" }: InstallPluginOptions,
): Promise<void> {
  const path = join(folder, PLUGIN_FILE);
  const caches = userFolder("cache", environment, Deno.build.os);
  const kept = caches && join(caches, "plugins", await keptName());
  if (kept === undefined || !await copyKept(kept, path)) {
    await compile(compiler, path);
    if (kept !== undefined) await keep(path, kept);
  }
  await Deno.chmod(path, 0o755); // for the server, which may be another user's
}

/** One for each source and machine: a home folder may serve several. */
async function keptName(): Promise<string> {
  const { os, arch } = Deno.build;
  const text = [PLUGIN_SOURCE, ...FLAGS].join("\n");
  const hash = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return `${os}-${arch}-${new Uint8Array(hash).toHex().slice(0, 32)}.so`;
}

/** Whether it was there, and nobody else's work: the server runs what is in it. */
async function copyKept(from: string, to: string): Promise<boolean> {
  try {
    if (!await isKeptSafely(from)) return false;
    await Deno.copyFile(from, to);
    return true;
  } catch {
    return false;
  }
}

/** Without a place for it, it is compiled each time. */
async function keep(path: string, kept: string): Promise<void> {
  const temporary = `${kept}.${crypto.randomUUID()}`;
  try {
    await Deno.mkdir(dirname(kept), { recursive: true, mode: 0o700 });
    await Deno.copyFile(path, temporary);
    await Deno.rename(temporary, kept);
  } catch {
    await Deno.remove(temporary).catch(() => {});
  }
}

async function compile(compiler: string, path: string): Promise<void> {
  const source = `${path}.c`;
  await Deno.writeTextFile(source, PLUGIN_SOURCE);
  let result: ProgramResult;
  try {
    result = await runProgram([compiler, ...FLAGS, "-o", path, source], {
      environment: Deno.env.toObject(),
    });
  } catch (cause) {
    throw new RdsiamError(
      "failed",
      `Authentication plugin of the emulator cannot be compiled: there is no C compiler "${compiler}"`,
      {
        hint:
          "Install one (Debian: gcc and libc6-dev; macOS: xcode-select --install); it is needed at the first start alone",
        cause,
      },
    );
  } finally {
    await Deno.remove(source);
  }
  if (result.code === 0) return;
  const lines = result.stderr.trim().split("\n");
  throw new RdsiamError(
    "failed",
    [
      `Authentication plugin of the emulator cannot be compiled: ${compiler} says`,
      ...lines.slice(0, 12),
    ].join("\n  "),
    { hint: "Debian's package libc6-dev has the headers that it needs" },
  );
}
