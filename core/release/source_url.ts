import { isLoopbackHost } from "../target/address.ts";

/** Whether what comes from a URL may be installed: over HTTPS, or from a server of this very machine. */
export function isTrustedTransport({ protocol, hostname }: URL): boolean {
  return protocol === "https:" ||
    protocol === "http:" && isLoopbackHost(hostname.replace(/^\[|\]$/g, ""));
}
