import { quoteForShell } from "../text/quote_for_shell.ts";
import type { FarAddress } from "./ports.ts";

/**
 * The command that connects to an address: `%h` and `%p` filled in, each as one word of the shell, as OpenSSH does with
 * its `ProxyCommand` (ssh_config(5)).
 */
export function fillCommand(
  command: string,
  { host, port }: FarAddress,
): string {
  return command.replace(
    /%([hp%])/g,
    (_, code) =>
      code === "h" ? quoteForShell(host) : code === "p" ? String(port) : "%",
  );
}
