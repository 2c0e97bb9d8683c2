import { RdsiamError } from "../../core/errors.ts";
import {
  type PureWriter,
  UnreadableText,
  type WriterDescription,
  type WriterEntry,
} from "../../core/writer/writer.ts";

/** A file that holds one target's login and nothing else. */
export interface SingleTargetFile {
  /** The writer's name. */
  name: string;
  describe: WriterDescription;
  /** What it holds, for messages: `a token`. */
  content: string;
  /** Whether a text, without blanks at its end, is such content. */
  isOwn(text: string): boolean;
  /** The content. */
  format(entry: WriterEntry): string;
  /** Whether a line end follows it. */
  newline: boolean;
}

/** Makes the writer of such a file. It takes one target, and writes over nothing but content of its own kind. */
export function createSingleTargetWriter(file: SingleTargetFile): PureWriter {
  const { name, describe, content, newline } = file;

  function checkOwn(text: string): void {
    if (text.trim() === "" || file.isOwn(text.trimEnd())) return;
    throw new UnreadableText(
      1,
      `it holds something else than ${content}: name another file`,
    );
  }

  return {
    name,
    describe,
    defaultPath: () => undefined,
    render([entry, second], oldText) {
      checkOwn(oldText);
      if (entry === undefined) return { newText: oldText };
      if (second !== undefined) {
        throw new RdsiamError(
          "usage",
          `Writer "${name}" cannot put "${entry.name}" and "${second.name}" into one file: it holds one target`,
          { hint: "Give each target a file of its own" },
        );
      }
      return { newText: `${file.format(entry)}${newline ? "\n" : ""}` };
    },
    remove(_names, oldText) {
      checkOwn(oldText);
      return { newText: "" };
    },
  };
}
