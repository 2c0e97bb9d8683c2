import { ENGINES } from "../core/engine/engines.ts";
import { createSingleTargetWriter } from "./clients/single_target_file.ts";
import { formatConnectionUrl } from "../core/target/connection_url.ts";
import { requireIpConnect } from "./clients/require_ip_connect.ts";
import { isToken } from "../core/token/is_token.ts";
import type { PureWriterFactory } from "../core/writer/writer.ts";
import { readWriterOptions } from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** Whether a line end follows. */
  newline: false,
} as const;

/** The connection URL of one target, the token in it: what programs call `DATABASE_URL`. */
const url: PureWriterFactory = (given) =>
  createSingleTargetWriter({
    ...readWriterOptions(given, defaults),
    name: "url",
    describe: {
      summary: "connection URL alone",
      clients: 'DATABASE_URL, psql "$(cat FILE)"',
      rereads: "start",
      holdsSecrets: true,
    },
    content: "a connection URL with a token",
    isOwn: isUrlWithToken,
    format(entry) {
      if (entry.engine === "postgres") requireIpConnect(entry);
      return formatConnectionUrl(entry, entry.password);
    },
  });

export default url;

function isUrlWithToken(text: string): boolean {
  const match = /^([a-z]+):\/\/[^:@/\s]*:([^:@/\s]*)@\S+$/.exec(text);
  const [, protocol = "", password = ""] = match ?? [];
  const isKnown = Object.values(ENGINES).some(({ urlProtocols }) =>
    urlProtocols.includes(protocol)
  );
  try {
    return isKnown && isToken(decodeURIComponent(password));
  } catch {
    return false;
  }
}
