import { type Emulator, startEmulator } from "../emulator.ts";
import { KEY, rdsiam } from "../rdsiam.ts";

/** Asks who one is, in a session. */
export const WHO = ["psql", "-XAtc", "select current_user"];

/** An emulator that is reached through a tunnel, whose far end dials it in the endpoint's place. */
export interface PrivateDatabase extends AsyncDisposable {
  emulator: Emulator;
  /** The options that lead to it through a tunnel. */
  through(tunnel: string): string[];
  /** Runs a command with its login through a tunnel. */
  exec(
    tunnel: string,
    command: readonly string[],
    env?: Record<string, string>,
  ): ReturnType<typeof rdsiam>;
  /** Examines it through a tunnel. */
  doctor(
    tunnel: string,
    env?: Record<string, string>,
  ): ReturnType<typeof rdsiam>;
}

/** Starts one with these options, and a user `app`. */
export async function startPrivateDatabase(
  ...args: string[]
): Promise<PrivateDatabase> {
  const emulator = await startEmulator(...args);
  await emulator.query("create role app login", "grant rds_iam to app");
  const through = (tunnel: string) => [
    ...emulator.options,
    ...["-U", "app", "-d", "postgres", "--tunnel", tunnel],
  ];
  return {
    emulator,
    through,
    exec: (tunnel, command, env = {}) =>
      rdsiam(["exec", ...through(tunnel), "--", ...command], {
        env: { ...KEY, ...env },
      }),
    doctor: (tunnel, env = {}) =>
      rdsiam(["doctor", ...through(tunnel)], { env: { ...KEY, ...env } }),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

/** Whether a program is installed; of some, `--version` is an error. */
export async function has(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", `command -v ${program}`],
    stdout: "null",
  }).output();
  return success;
}
