import { exec, type ExecPlan, type Via } from "../../services/exec/exec.ts";
import type { Target } from "../../core/target/target.ts";
import { pinConnect } from "../../services/target/resolve_target.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import { signInHelp, type SignInOptions } from "../frame/sign_in.ts";
import { loadCaBundle } from "../roots/trust.ts";
import type { ProxyContext } from "../proxy/start.ts";
import { readTarget, type TargetContext } from "../target/read_target.ts";
import type { TargetOptions } from "../target/target_options.ts";
import { openTunnel } from "../target/tunnels.ts";
import { childExitCode } from "../frame/exit_codes.ts";

/** Whose login a program gets, and how. */
export interface LoginRequest {
  /** `[target]`. */
  name: string | undefined;
  options: TargetOptions & SignInOptions;
  /** `undefined` for what suits the program. */
  via: Via | undefined;
  /** How long the login is kept after the program. */
  stay?: ExecPlan["stay"];
}

/** What it is run with. */
export type LoginContext =
  & TargetContext
  & ProxyContext
  & Pick<Context, "processes" | "createFolder" | "askSecret" | "signIn">;

type Words = readonly [string, ...string[]];

/**
 * Runs a program with the login to a target, until it ends.
 *
 * @param command the program and its arguments, or what chooses them by the target
 * @returns what rdsiam is to exit with
 * @throws {RdsiamError} when the target cannot be used, or the program not be started
 */
export async function runWithLogin(
  command: Words | ((target: Target) => Promise<Words>),
  { name, options, via, stay }: LoginRequest,
  context: LoginContext,
  reporter: Reporter,
): Promise<{ exitCode: number }> {
  const target = await pinConnect(
    await readTarget(name, options, context, reporter),
    context.resolver,
  );
  const status = await exec(
    {
      command: typeof command === "function" ? await command(target) : command,
      target,
      via,
      ...(stay && { stay }),
      environment: context.environment,
    },
    {
      clock: context.clock,
      tokens: await context.tokens(signInHelp(options, context, reporter)),
      processes: await context.processes(),
      createFolder: () => context.createFolder(),
      caBundle: () => loadCaBundle([target], context),
      startProxy: async (target) =>
        (await import("../proxy/endpoint.ts"))
          .startEndpoint(target, context, reporter),
      existing,
      versionOf: async (program) =>
        (await import("../../adapters/process/program_version.ts"))
          .programVersion(program),
      openTunnel: (target) => openTunnel(target, context, reporter),
      warn: (message) => reporter.warn(message),
    },
  );
  return { exitCode: childExitCode(status) };
}

async function existing(paths: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    paths.map((path) =>
      Deno.stat(path).then(({ isFile }) => isFile, () => false)
    ),
  );
  return paths.filter((_, index) => found[index]);
}
