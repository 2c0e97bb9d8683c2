import type { Command } from "commander";
import { addAdminOptions } from "../access/options.ts";
import type { DoctorOptions } from "../doctor/run.ts";
import {
  addCommonOptions,
  addExamples,
  type Invocation,
} from "../frame/command.ts";
import { addTargetOptions } from "../target/target_options.ts";

/** Declares `doctor`. */
export function declare(command: Command, invocation: Invocation): void {
  addAdminOptions(addTargetOptions(command))
    .option(
      "--redact",
      "print no account ids, access key ids and random parts of names",
    );
  addCommonOptions(command);
  addExamples(command, [
    "rdsiam doctor orders",
    "rdsiam doctor orders --admin-username postgres",
    "rdsiam doctor orders --json --redact",
  ]).action(async (target: string | undefined, options: DoctorOptions) => {
    const { runDoctor } = await import("../doctor/run.ts");
    await runDoctor(target, options, invocation);
  });
}
