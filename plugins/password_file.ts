import { createSingleTargetWriter } from "./clients/single_target_file.ts";
import { isToken } from "../core/token/is_token.ts";
import type { PureWriterFactory } from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** Whether a line end follows: some programs want it, others take it for a part of the password. */
  newline: false,
} as const;

/** The token of one target, and nothing else. */
const passwordFile: PureWriterFactory = (given) =>
  createSingleTargetWriter({
    ...readWriterOptions(given, defaults),
    name: "password-file",
    describe: {
      summary: "token alone",
      clients: "RazorSQL, *_PASSWORD_FILE of images, scripts",
      rereads: "connection",
      holdsSecrets: true,
    },
    content: "a token",
    isOwn: isToken,
    format: ({ password }) => password.reveal(),
  });

export default passwordFile;
