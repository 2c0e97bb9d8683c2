import type { CheckResult } from "../../core/doctor/check.ts";
import { commandFor, type TargetWords } from "../../core/doctor/command.ts";
import { verdict } from "../../core/doctor/conclude.ts";
import { redact } from "../../core/doctor/redact.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import type { Target } from "../../core/target/target.ts";
import { examine } from "../../services/doctor/examine.ts";
import type { AdminOptions } from "../access/options.ts";
import { VERSION } from "../frame/build_info.ts";
import {
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { EXIT_CODES } from "../frame/exit_codes.ts";
import { hasColor } from "../frame/output.ts";
import { optionsSource } from "../target/gather_fields.ts";
import type { TargetOptions } from "../target/target_options.ts";
import { type DoctorContext, doctorPorts } from "./ports.ts";
import { ResultPrinter } from "./print.ts";

/** The options of `doctor`. */
export interface DoctorOptions
  extends TargetOptions, AdminOptions, CommonOptions {
  redact?: boolean;
}

/** Runs `doctor`. */
export async function runDoctor(
  name: string | undefined,
  options: DoctorOptions,
  invocation: Invocation<DoctorContext & Pick<Context, "stdout">>,
): Promise<void> {
  const { context } = invocation;
  const { stdout, environment } = context;
  const reporter = applyVerbosity(invocation, options);
  const words: TargetWords = {
    name,
    fields: optionsSource(options).fields,
    config: options.config,
  };
  const clean = options.redact ? redact : (text: string) => text;
  const printer = new ResultPrinter({
    isTerminal: stdout.isTerminal,
    write: (text) => stdout.write(clean(text)),
  }, {
    hasColor: hasColor(stdout, environment, options),
    quiet: options.quiet ?? false,
  });
  const ports = doctorPorts(name, options, context, reporter);
  let target: Target | undefined;
  const results = await examine({ words, os: Deno.build.os }, {
    ...ports,
    async readTarget() {
      const resolved = await ports.readTarget();
      target = resolved.target;
      return resolved;
    },
  }, (result) => {
    if (!options.json) printer.print(result);
  });
  const failure = results.find((result) => result.status === "failed");
  invocation.exitCode = failure === undefined
    ? 0
    : EXIT_CODES[failure.kind].code;
  if (options.json) {
    const text = JSON.stringify(document(target, results));
    return stdout.write(`${clean(text)}\n`);
  }
  printer.flush();
  if (options.quiet) return;
  const client = ENGINES[target?.engine ?? "postgres"].clients[0];
  const next = commandFor(["exec"], words, { rest: ["--", client] });
  const last = verdict(results, next);
  stdout.write(`\n${clean(last)}\n`);
}

/** The whole examination, for a support ticket. */
function document(
  target: Target | undefined,
  results: readonly CheckResult[],
) {
  const cause = results.find((result) => result.status === "failed");
  return {
    rdsiam: VERSION,
    os: Deno.build.os,
    target: target ?? null,
    ok: cause === undefined,
    cause: cause ?? null,
    checks: results,
  };
}
