import type { Command } from "commander";
import { readChoice } from "../../core/text/choice.ts";
import { addExamples, type Invocation, offer } from "../frame/command.ts";
import { SCRIPTS, SHELLS } from "../completion/script.ts";

/** Declares `completions`. */
export function declare(command: Command, invocation: Invocation): void {
  command.argument("<shell>", SHELLS.join(", "))
    .action((shell: string) => run(shell, invocation));
  offer(command, "shell", SHELLS);
  addExamples(command, [
    `rdsiam completions bash > ~/.local/share/bash-completion/completions/rdsiam`,
    `echo 'eval "$(rdsiam completions bash)"' >> ~/.bashrc    # without bash-completion`,
    `rdsiam completions zsh > "\${fpath[1]}/_rdsiam"           # a folder of $fpath; then start zsh anew`,
    `rdsiam completions fish > ~/.config/fish/completions/rdsiam.fish`,
    `rdsiam completions powershell >> $PROFILE`,
  ]);
}

function run(shell: string, { context }: Invocation) {
  const known = readChoice(shell, [...SHELLS, "pwsh"] as const, "Shell");
  context.stdout.write(SCRIPTS[known === "pwsh" ? "powershell" : known]);
}
