import { RdsiamError } from "../../core/errors.ts";
import type { Secret } from "../../core/secret.ts";
import {
  type NamedTarget,
  targetName,
} from "../../core/target/named_target.ts";
import type { Context } from "../context.ts";
import type { Reporter } from "../output.ts";
import { readTarget } from "../target_options.ts";
import { localUrl } from "./announce.ts";
import { formatListenAddress, planDoors, type PlannedDoor } from "./doors.ts";
import { createEventLog } from "./log.ts";
import { generatePassword, localPasswordFrom } from "./local_password.ts";
import { type ProxyCommandOptions, readProxySettings } from "./settings.ts";
import { startProxy } from "./start.ts";

/** Runs a proxy until this process is asked to end, then lets its sessions finish. */
export async function runProxy(
  names: readonly string[],
  options: ProxyCommandOptions,
  context: Context,
  reporter: Reporter,
): Promise<void> {
  const settings = readProxySettings(options);
  const targets = await readProxyTargets(names, options, context, reporter);
  const doors = planDoors(targets, options.listen ?? [], settings);
  const password = await readPassword(options, doors);
  const signal = context.stopSignal();
  await using proxy = await startProxy({
    ...{ settings, doors, context, reporter },
    password: password.secret,
    report: createEventLog({
      ...{ reporter, stdout: context.stdout, json: options.json ?? false },
      now: () => context.clock.now(),
    }),
  });
  announce(proxy.doors, password, options, context, reporter);
  await aborted(signal);
  if (proxy.openSessions > 0) {
    reporter.info(
      `draining ${proxy.openSessions} sessions; the same signal again ends them`,
    );
  }
  await proxy.drain(settings.drainMs);
}

async function readProxyTargets(
  names: readonly string[],
  options: ProxyCommandOptions,
  context: Context,
  reporter: Reporter,
): Promise<NamedTarget[]> {
  const target = await readTarget(names[0], options, context, reporter);
  return [{ name: targetName(target), target }];
}

/** The local password, and whether somebody has yet to be told. */
interface LocalPassword {
  secret: Secret;
  isNews: boolean;
}

async function readPassword(
  { localPasswordFile, quiet, json }: ProxyCommandOptions,
  doors: readonly PlannedDoor[],
): Promise<LocalPassword> {
  const isNeeded = doors.some(({ needsPassword }) => needsPassword);
  if (localPasswordFile !== undefined && isNeeded) {
    return {
      secret: await localPasswordFrom(localPasswordFile),
      isNews: false,
    };
  }
  if (isNeeded && quiet && !json) {
    throw new RdsiamError(
      "usage",
      "--quiet would hide the password that is generated",
      { hint: "Name a file for it with --local-password-file" },
    );
  }
  return { secret: generatePassword(), isNews: isNeeded };
}

function announce(
  doors: readonly PlannedDoor[],
  { secret, isNews }: LocalPassword,
  { json }: ProxyCommandOptions,
  { stdout }: Context,
  reporter: Reporter,
) {
  for (const { targets, address, isShared, needsPassword } of doors) {
    for (const entry of targets) {
      const listen = formatListenAddress(address);
      const { username, database } = entry.target;
      const url = localUrl(entry, address, isShared);
      if (json) {
        const event = {
          ...{ event: "listening", target: entry.name, listen },
          username,
          database: isShared ? `${database}@${entry.name}` : database,
          ...(url !== undefined && { url }),
          ...(isNews && needsPassword && { password: secret.reveal() }),
        };
        stdout.write(`${JSON.stringify(event)}\n`);
      } else stdout.write(`${entry.name}: ${url ?? listen}\n`);
    }
  }
  if (isNews && !json) reporter.info(`password: ${secret.reveal()}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
