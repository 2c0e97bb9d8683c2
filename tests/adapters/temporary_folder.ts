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

/** Sets variables of this process (`undefined` takes one out), until it is disposed of. */
export function withEnvironment(
  variables: Record<string, string | undefined>,
): Disposable {
  function set(values: Record<string, string | undefined>) {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
  const before = Object.fromEntries(
    Object.keys(variables).map((name) => [name, Deno.env.get(name)]),
  );
  set(variables);
  return { [Symbol.dispose]: () => set(before) };
}
