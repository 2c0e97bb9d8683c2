import process from "node:process";

/** A folder that goes when it is disposed of. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Its path, absolute. */
  path: string;
}

/** Makes an empty folder of mode 0700. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** The permission bits of a file or folder, as `0600`. */
export async function modeOf(path: string): Promise<string> {
  const { mode } = await Deno.lstat(path);
  return `0${((mode ?? 0) & 0o7777).toString(8)}`;
}

/**
 * Sets variables (`undefined` takes one out) in `process.env`, until it is disposed of: those that libraries of npm read.
 * Each test file has that object for itself; the environment of the process, which all share, stays as it is.
 */
export function withEnvironment(
  variables: Record<string, string | undefined>,
): Disposable {
  const before = process.env;
  const all = Object.entries({ ...before, ...variables });
  process.env = Object.fromEntries(
    all.filter(([, value]) => value !== undefined),
  );
  return { [Symbol.dispose]: () => void (process.env = before) };
}
