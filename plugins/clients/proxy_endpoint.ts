import { RdsiamError } from "../../core/errors.ts";
import {
  formatAddress,
  isLoopbackHost,
  parseAddress,
} from "../../core/target/address.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";
import type { WriterEntry } from "../../core/writer/writer.ts";
import { WriterOptionError } from "../contract/writer_options.ts";
import { targetWords } from "./client_login.ts";

/** Where a local endpoint of `rdsiam proxy` listens. */
export interface ProxyEndpoint {
  host: string;
  port: number;
}

/** The port of the endpoint that is taken where none is named: not one of a server's own. */
const DEFAULT = "127.0.0.1:13306";

/** What the option is called. */
const OPTION = "proxy";

/** The option of a writer that says where `rdsiam proxy` listens, with its default. */
export const PROXY_OPTION = { [OPTION]: DEFAULT } as const;

/**
 * Reads the option: `HOST:PORT`, or `NAME=HOST:PORT` for each of several targets, with commas between them.
 *
 * @throws {WriterOptionError} when it is not valid
 */
export function readProxyOption(
  text: string,
): (entry: Pick<WriterEntry, "name">) => ProxyEndpoint | undefined {
  const endpoints = new Map<string | undefined, ProxyEndpoint>();
  for (const part of text.split(",").map((part) => part.trim())) {
    const at = part.lastIndexOf("=");
    const name = at < 0 ? undefined : part.slice(0, at);
    endpoints.set(name, readEndpoint(part.slice(at + 1)));
  }
  return ({ name }) => endpoints.get(name) ?? endpoints.get(undefined);
}

function readEndpoint(text: string): ProxyEndpoint {
  try {
    const { host, port } = parseAddress(text, `option "${OPTION}"`);
    if (port !== undefined && isLoopbackHost(host)) return { host, port };
  } catch (error) {
    if (!(error instanceof RdsiamError)) throw error;
  }
  throw new WriterOptionError(
    `Option "${OPTION}" has "${text}", and must be where rdsiam proxy listens: ${DEFAULT}, or NAME=${DEFAULT} for each target`,
  );
}

/**
 * Gives each target the endpoint of `rdsiam proxy` that its client logs in to: MySQL's protocol has one target a port.
 *
 * @throws {RdsiamError} `usage`, when two targets would have the same one, or one has none
 */
export function proxyEndpoints(
  entries: readonly WriterEntry[],
  endpointOf: ReturnType<typeof readProxyOption>,
): ReadonlyMap<WriterEntry, ProxyEndpoint> {
  const users = new Map<string, string>();
  const endpoints = new Map<WriterEntry, ProxyEndpoint>();
  for (const entry of entries) {
    const { name } = entry;
    const endpoint = endpointOf(entry);
    const address = endpoint && formatAddress(endpoint.host, endpoint.port);
    const other = users.get(address ?? "");
    if (
      endpoint === undefined || address === undefined || other !== undefined
    ) {
      throw new RdsiamError(
        "usage",
        other === undefined
          ? `Cannot write "${name}": the option ${OPTION} names no endpoint for it`
          : `Cannot write "${other}" and "${name}" with one endpoint of rdsiam proxy: MySQL's clients reach one target a port`,
        {
          hint:
            `Give each its own: --option '${OPTION}=NAME=127.0.0.1:13306,OTHER=127.0.0.1:13307'`,
        },
      );
    }
    users.set(address, name);
    endpoints.set(entry, endpoint);
  }
  return endpoints;
}

/** Says what serves a client that logs in through `rdsiam proxy`, and with which password. */
export function proxyNotice(
  entry: WriterEntry,
  { host, port }: ProxyEndpoint,
  client: string,
): string {
  const command = [
    ...["rdsiam", "proxy", ...targetWords(entry)],
    ...["--listen", formatAddress(host, port)],
    ...["--local-password-file", "FILE"],
  ].map(quoteForShell).join(" ");
  return `"${entry.name}" is reached while \`${command}\` runs; ${client} asks once for the password in FILE`;
}
