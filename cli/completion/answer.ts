import type { Command } from "commander";
import type { Context } from "../frame/context.ts";
import { type Candidate, complete, type Completion } from "./complete.ts";
import { completionSources } from "./sources.ts";

/**
 * Answers a shell's completion script: the words after `rdsiam` come on standard input, a line each, the last one up to the
 * cursor, since they may hold what does not belong into the arguments of a process.
 */
export async function answerShell(
  input: ReadableStream<Uint8Array>,
  declare: (words: readonly string[]) => Promise<Command>,
  context: Parameters<typeof completionSources>[0] & Pick<Context, "stdout">,
): Promise<void> {
  const words = (await new Response(input).text())
    .replace(/\r?\n$/, "").split(/\r?\n/);
  const sources = completionSources(context);
  context.stdout.write(
    formatCompletion(await complete(declare, words, sources)),
  );
}

/**
 * A completion as the scripts read it: its kind, then the prefix of paths or the number of dashes, then a candidate a line, a
 * tab before what it means.
 */
export function formatCompletion(completion: Completion): string {
  switch (completion.kind) {
    case "words":
      return textOf("words", "", ...completion.candidates.flatMap(lineOf));
    case "command":
      return textOf("command", `${completion.dashes}`);
    default:
      return textOf(completion.kind, completion.prefix);
  }
}

/** A word over two lines cannot be told to a shell by lines. */
function lineOf({ value, about = "" }: Candidate): string[] {
  if (/[\n\r\t]/.test(value)) return [];
  return [`${value}\t${about.replaceAll(/\s+/g, " ")}`.trimEnd()];
}

function textOf(...lines: string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
