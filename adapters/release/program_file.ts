import { systemClock } from "../process/clock.ts";
import { type ProgramResult, runProgram } from "../process/run_program.ts";
import { basename, dirname, join } from "node:path";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { ProgramFile } from "../../core/release/program_file.ts";
import { systemMessage } from "../files/errors.ts";

/**
 * The file of a program, of which this process may be running.
 *
 * @param path absolute, links followed
 */
export function createProgramFile(
  path: string,
  os: typeof Deno.build.os = Deno.build.os,
): ProgramFile {
  return {
    async replace(bytes, version) {
      const suffix = os === "windows" ? ".exe" : "";
      const next = join(
        dirname(path),
        `.${basename(path, suffix)}.${crypto.randomUUID()}${suffix}`,
      );
      try {
        await writeProgram(next, bytes);
        await checkVersion(next, version);
        if (os === "windows") await moveAside(path, next);
        else await Deno.rename(next, path);
      } catch (cause) {
        throw cause instanceof RdsiamError ? cause : replaceError(path, cause);
      } finally {
        await Deno.remove(next).catch(() => {});
      }
    },
  };
}

async function writeProgram(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    mode: 0o755,
  });
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
  await file.sync();
}

/** Runs the new program before it takes the old one's place. */
async function checkVersion(path: string, version: string): Promise<void> {
  let answer: string;
  try {
    const { code, stdout, stderr } = await askVersion(path);
    answer = stdout.trim();
    if (code !== 0) throw new Error(stderr.trim());
  } catch (cause) {
    const why = errorMessage(cause);
    throw new RdsiamError(
      "failed",
      `The new program does not run on this machine: ${why}`,
      { hint: "The old one stands; an old system lacks what it needs", cause },
    );
  }
  if (answer !== `rdsiam ${version}`) {
    throw new RdsiamError(
      "failed",
      `The new program says that it is "${answer}", not rdsiam ${version}`,
      { hint: "The old one stands" },
    );
  }
}

/** How long to wait before the next try, where something still has the new file open. */
const BUSY_PAUSES_MS = [10, 50, 200, 1000];

/**
 * Runs a program that has just been written. A process that another thread forks meanwhile holds the file, open for
 * writing, until it executes its own program: Linux then says ETXTBSY.
 */
async function askVersion(path: string): Promise<ProgramResult> {
  const environment = Deno.env.toObject();
  for (const pause of BUSY_PAUSES_MS) {
    try {
      return await runProgram([path, "--version"], { environment });
    } catch (error) {
      if (!isBusy(error)) throw error;
      await systemClock.sleep(pause);
    }
  }
  return await runProgram([path, "--version"], { environment });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error &&
    // deno-lint-ignore rdsiam/no-prose -- Deno's own, which has no code here
    /\(os error 26\)/.test(error.cause.message);
}

/**
 * Windows lets nobody replace a program that runs, but rename it. The old file stays beside the new one until the next
 * upgrade, since it cannot be removed either.
 */
async function moveAside(path: string, next: string): Promise<void> {
  const old = `${path}.old`;
  await Deno.remove(old).catch(() => {});
  await Deno.rename(path, old);
  try {
    await Deno.rename(next, path);
  } catch (error) {
    await Deno.rename(old, path);
    throw error;
  }
}

function replaceError(path: string, cause: unknown): RdsiamError {
  const [why, hint] = explain(path, cause);
  return new RdsiamError(
    "failed",
    `Program "${path}" cannot be replaced: ${why}`,
    { ...(hint === undefined ? {} : { hint }), cause },
  );
}

function explain(path: string, cause: unknown): [why: string, hint?: string] {
  if (!(cause instanceof Error)) return [String(cause)];
  if (cause instanceof Deno.errors.PermissionDenied) {
    return [
      "permission denied",
      `Its folder is somebody else's: ask its owner (ls -ld '${
        dirname(path)
      }'), or install your own with install.sh`,
    ];
  }
  switch ((cause as { code?: unknown }).code) {
    case "EROFS":
      return [
        "its file system is read-only",
        "Upgrade the image that it comes from",
      ];
    case "ENOSPC":
      return ["the disk is full", "Free some space; the old program stands"];
  }
  return [systemMessage(cause)];
}
