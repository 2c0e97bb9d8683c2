/** Drives rdsiam as a process: the source tree, or the executable that `RDSIAM_BIN` names. */

import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../../cli/frame/permissions.ts";

const MAIN = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));

/** The key that the emulator knows: AWS's own example. */
export const KEY = {
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** The command line that starts rdsiam from the source tree. */
export const SOURCE = [
  ...[Deno.execPath(), "run", "--no-prompt"] as const,
  ...[...PERMISSIONS, MAIN],
] as const;

/** The command line that starts rdsiam. */
export const RDSIAM: readonly [string, ...string[]] = Deno.env.get("RDSIAM_BIN")
  ? [Deno.env.get("RDSIAM_BIN") ?? ""]
  : SOURCE;

/** How a program is run. */
export interface RunOptions {
  /** Variables beside {@linkcode environment}'s; `undefined` takes one out. */
  env?: Record<string, string | undefined>;
  /** The working directory. */
  cwd?: string;
}

/** What a program did. */
export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** A small, known environment: what programs need, and nothing of AWS or PostgreSQL that this machine happens to have. */
export function environment(
  extra: Record<string, string | undefined> = {},
): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) =>
    /^(PATH|HOME|TMPDIR|LANG|TERM|DENO_DIR|DENO_.*CERT|SSL_CERT_.*|CI|USER|SystemRoot|TEMP|TMP)$/
      .test(name)
  );
  const all: Record<string, string | undefined> = {
    DENO_DIR: denoFolder(),
    ...Object.fromEntries(kept),
    DENO_NO_UPDATE_CHECK: "1", // Deno asks for its own newest release once a day
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
    AWS_EC2_METADATA_DISABLED: "true",
    XDG_CONFIG_HOME: "/nonexistent",
    ...extra,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] =>
      entry[1] !== undefined
    ),
  );
}

/** Deno's cache, which is found by the home folder, and a test may want another home for rdsiam. */
function denoFolder(): string {
  const { HOME = "", XDG_CACHE_HOME = `${HOME}/.cache` } = Deno.env.toObject();
  return Deno.build.os === "darwin"
    ? `${HOME}/Library/Caches/deno`
    : `${XDG_CACHE_HOME}/deno`;
}

/** Runs a program to its end. */
export async function run(
  [program, ...args]: readonly [string, ...string[]],
  { env = {}, cwd }: RunOptions = {},
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: environment(env),
    clearEnv: true,
    stdin: "null",
    ...(cwd !== undefined && { cwd }),
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** Runs rdsiam to its end, with the emulator's key in its environment. */
export function rdsiam(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Result> {
  return run([...RDSIAM, ...args], {
    ...options,
    env: { ...KEY, ...options.env },
  });
}
