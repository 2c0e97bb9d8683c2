import { ENGINES } from "../core/engine.ts";
import { oneEntry } from "../core/one_entry.ts";
import { formatConnectionUrl } from "../core/target/connection_url.ts";
import { requireIpConnect } from "../core/target/require_ip_connect.ts";
import { isToken } from "../core/token/is_token.ts";
import {
  type PureWriter,
  type PureWriterFactory,
  UnreadableText,
} from "../core/writer.ts";
import { readWriterOptions } from "../core/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** Whether a line end follows. */
  newline: false,
} as const;

/** The connection URL of one target, the token in it: what programs call `DATABASE_URL`. */
const url: PureWriterFactory = (given): PureWriter => {
  const { newline } = readWriterOptions(given, defaults);
  return {
    name: "url",
    describe: {
      summary: "connection URL alone",
      clients: 'DATABASE_URL, psql "$(cat FILE)"',
      rereads: "start",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      checkOwn(oldText);
      const entry = oneEntry("url", entries);
      if (entry === undefined) return { newText: oldText };
      if (entry.engine === "postgres") requireIpConnect(entry);
      const text = formatConnectionUrl(entry, entry.password);
      return { newText: newline ? `${text}\n` : text };
    },
    remove(_names, oldText) {
      checkOwn(oldText);
      return { newText: "" };
    },
  };
};

export default url;

function checkOwn(text: string): void {
  if (text.trim() === "") return;
  const match = /^([a-z]+):\/\/[^:@/\s]*:([^:@/\s]*)@\S+$/.exec(text.trimEnd());
  const [, protocol = "", password = ""] = match ?? [];
  const isKnown = Object.values(ENGINES).some(({ urlProtocols }) =>
    urlProtocols.includes(protocol)
  );
  if (isKnown && isEncodedToken(password)) return;
  throw new UnreadableText(
    1,
    "it holds something else than a connection URL with a token: name another file",
  );
}

function isEncodedToken(text: string): boolean {
  try {
    return isToken(decodeURIComponent(text));
  } catch {
    return false;
  }
}
