import { oneEntry } from "../core/one_entry.ts";
import { isToken } from "../core/token/is_token.ts";
import {
  type PureWriter,
  type PureWriterFactory,
  UnreadableText,
} from "../core/writer.ts";
import { readWriterOptions } from "../core/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** Whether a line end follows: some programs want it, others take it for a part of the password. */
  newline: false,
} as const;

/** The token of one target, and nothing else. */
const passwordFile: PureWriterFactory = (given): PureWriter => {
  const { newline } = readWriterOptions(given, defaults);
  return {
    name: "password-file",
    describe: {
      summary: "token alone",
      clients: "RazorSQL, *_PASSWORD_FILE of images, scripts",
      rereads: "connection",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      checkOwn(oldText);
      const entry = oneEntry("password-file", entries);
      if (entry === undefined) return { newText: oldText };
      const token = entry.password.reveal();
      return { newText: newline ? `${token}\n` : token };
    },
    remove(_names, oldText) {
      checkOwn(oldText);
      return { newText: "" };
    },
  };
};

export default passwordFile;

function checkOwn(text: string): void {
  if (text.trim() === "" || isToken(text.trimEnd())) return;
  throw new UnreadableText(
    1,
    "it holds something else than a token: name another file",
  );
}
