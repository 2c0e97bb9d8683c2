/** The files of `deploy/`, and what this project itself has to say of them. */

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { parseAllDocuments } from "yaml";
import { declare } from "../../cli/commands/proxy.ts";
import { createInvocation } from "../../cli/run.ts";
import { planListeners } from "../../cli/proxy/listeners.ts";
import { readProxySettings } from "../../cli/proxy/settings.ts";
import { fakeContext, fakeTarget } from "../fakes.ts";

/** The folder, with a slash at its end. */
export const DEPLOY = fileURLToPath(new URL("../../deploy/", import.meta.url));

/** Reads the documents of a YAML file, as Kubernetes does: 0400 is octal. */
export async function readYaml(path: string): Promise<unknown[]> {
  const text = await Deno.readTextFile(resolve(DEPLOY, path));
  return parseAllDocuments(text, { version: "1.1" }).map((document) => {
    assert.deepEqual([document.errors, document.warnings], [[], []], path);
    return document.toJS();
  });
}

/** Reads the arguments of `rdsiam` with its own parser; fails where an option is not known or its value not valid. */
export function readProxyArguments(args: readonly string[]) {
  const [name, ...rest] = args;
  assert.equal(name, "proxy");
  const { context } = fakeContext();
  const command = new Command("proxy").exitOverride();
  declare(command, createInvocation(context));
  command.action(() => {}).parse(rest, { from: "user" });
  const options = command.opts();
  return { options, settings: readProxySettings(options) };
}

/** Plans the listeners of these arguments, for one target; fails where rdsiam would refuse to open them. */
export function listenersOf(args: readonly string[]) {
  const { options, settings } = readProxyArguments(args);
  const targets = [{ name: "orders", target: fakeTarget() }];
  return planListeners(targets, options.listen ?? [], settings);
}
