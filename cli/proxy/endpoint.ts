import {
  type NamedTarget,
  type Target,
  targetName,
} from "../../core/target/target.ts";
import type { LocalEndpoint } from "../../services/exec/exec.ts";
import type { Reporter } from "../frame/output.ts";
import { planListeners } from "./listeners.ts";
import { generatePassword } from "./password.ts";
import { describeEvent } from "./log.ts";
import { readProxySettings } from "./settings.ts";
import { type ProxyContext, startProxy } from "./start.ts";

/**
 * Starts a proxy for one program: a free port of loopback, and a password that only that program gets. The program
 * hears from its client library why a login failed; the terminal is its own, so nothing is said there.
 */
export async function startEndpoint(
  target: Target,
  context: ProxyContext,
  reporter: Reporter,
): Promise<LocalEndpoint> {
  const settings = readProxySettings({});
  const entry: NamedTarget = { name: targetName(target), target };
  const password = generatePassword();
  const proxy = await startProxy({
    ...{ settings, password, context },
    listeners: planListeners([entry], [], settings),
    report: (event) => reporter.detail(describeEvent(event)),
  });
  const [address] = proxy.listeners.map(({ address }) => address);
  if (address?.kind !== "tcp") throw new Error("The proxy has no port");
  const { host, port } = address;
  return {
    ...{ host, port, password },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
