import {
  checkDescription,
  checkRendered,
  readObject,
} from "../../core/writer/plugin.ts";
import {
  describeRequest,
  removeRequest,
  renderRequest,
  type WriterOptions,
} from "../../core/writer/protocol.ts";
import {
  type Rendered,
  UnreadableText,
  type Writer,
} from "../../core/writer/writer.ts";
import { runProgram } from "../process/run_program.ts";

const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** How many characters of a program's message are shown. */
const LONGEST_MESSAGE = 600;

/** An executable that is a writer. */
export interface WriterProgram {
  name: string;
  /** Its absolute path. */
  path: string;
  options: WriterOptions;
  environment: Record<string, string>;
  /** How long it may take for an answer, in milliseconds. */
  deadlineMs: number;
}

/**
 * Makes a writer of an executable that speaks `core/writer/protocol.ts`, by asking it what it is. Each call runs it
 * once more.
 *
 * @throws {Error} when it fails, or answers something else
 */
export async function loadWriterProgram(
  program: WriterProgram,
): Promise<Writer> {
  const { name, options } = program;
  async function ask(request: string, oldText: string): Promise<Rendered> {
    const answer = readObject(await call(program, request));
    const { unreadable } = answer;
    if (unreadable !== undefined) throw unreadableText(unreadable);
    return checkRendered(answer, oldText);
  }
  const described = readObject(await call(program, describeRequest(options)));
  const { defaultPath } = described;
  return {
    name,
    describe: checkDescription(described),
    defaultPath: () =>
      typeof defaultPath === "string" ? defaultPath : undefined,
    render: (entries, oldText) =>
      ask(renderRequest(options, entries, oldText), oldText),
    remove: (names, oldText) =>
      ask(removeRequest(options, names, oldText), oldText),
  };
}

async function call(
  { path, environment, deadlineMs }: WriterProgram,
  input: string,
): Promise<unknown> {
  const { code, stdout, stderr } = await runProgram([path], {
    environment,
    input,
    deadlineMs,
    outputLimit: OUTPUT_LIMIT,
  });
  if (code !== 0) {
    const message = shorten(stderr);
    throw new Error(
      message === ""
        ? `It ended with exit code ${code}`
        : `It ended with exit code ${code}: ${message}`,
    );
  }
  try {
    return JSON.parse(stdout);
  } catch {
    // The parser's own message would repeat what was printed.
    throw new Error("Its answer is no JSON");
  }
}

function unreadableText(unreadable: unknown): Error {
  const { line, why } = readObject(unreadable);
  return typeof line === "number" && typeof why === "string"
    ? new UnreadableText(line, why)
    : new TypeError("The unreadable of its answer has no line and why");
}

/** The first and the last line of a message: the last is where interpreters say what went wrong. */
function shorten(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) =>
    line !== ""
  );
  const shown = lines.length > 3
    ? [lines[0] ?? "", "…", lines.at(-1) ?? ""]
    : lines;
  return shown.join(" / ").slice(0, LONGEST_MESSAGE);
}
