import { errorMessage } from "../../core/errors.ts";
import { formatAddress } from "../../core/target/address.ts";
import type { ProxyEvent } from "../../services/proxy/events.ts";
import { waitUntilReady } from "../../services/proxy/readiness.ts";
import type { Context } from "../frame/context.ts";
import { isOutputError, type Reporter } from "../frame/output.ts";
import { reportOnly } from "../frame/sign_in.ts";
import type { TargetContext } from "../target/read_target.ts";
import { announceListeners, notesForClients } from "./announce.ts";
import { planListeners, type PlannedListener } from "./listeners.ts";
import { createEventLog } from "./log.ts";
import { choosePassword, type LocalPassword } from "./password.ts";
import { type ProxyCommandOptions, readProxySettings } from "./settings.ts";
import { type ProxyContext, type RunningProxy, startProxy } from "./start.ts";
import { startStatus } from "./status.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";
import { untilAborted } from "../../core/ports/within.ts";
import type { NamedTarget } from "../../core/target/target.ts";
import { readTargets } from "../target/read_targets.ts";
import type { TargetOptions } from "../target/target_options.ts";

/** What a proxy is run with. */
type RunContext =
  & TargetContext
  & ProxyContext
  & Pick<Context, "stdout" | "stopSignal">;

/** What runs a proxy. */
interface ProxyRun {
  names: readonly string[];
  options: ProxyCommandOptions;
  context: RunContext;
  reporter: Reporter;
}

/** Runs a proxy until this process is asked to end, then lets its sessions finish. */
export async function runProxy(
  names: readonly string[],
  options: ProxyCommandOptions,
  context: RunContext,
  reporter: Reporter,
): Promise<void> {
  const run = { names, options, context, reporter };
  const { stdout, clock } = context;
  const json = options.json ?? false;
  const settings = readProxySettings(options);
  const supervisor = await createSupervisor(context.environment, reporter);
  const listeners = await plan(run, supervisor);
  const password = await choosePassword(options, listeners);
  const log = createEventLog({
    ...{ reporter, stdout, json },
    now: () => clock.now(),
  });
  const sinks = [log];
  function report(event: ProxyEvent) {
    for (const sink of sinks) sink(event);
  }
  let hangUp = () => {};
  const signal = context.stopSignal(() => hangUp());
  await context.tokens(reportOnly(reporter));
  await using proxy = await startProxy({
    ...{ settings, listeners, report, context },
    password: password.secret,
  });
  const announce = announcer(password, json, run);
  announce(proxy.listeners);
  await using pages = settings.http && await startStatus({
    address: settings.http,
    targets: () => targetsOf(proxy),
    sessions: () => proxy.sessions,
    isEnding: () => signal.aborted,
    context,
  });
  if (settings.http !== undefined && pages !== undefined) {
    sinks.push(pages.record);
    const where = formatAddress(settings.http.host, pages.port);
    if (json) {
      stdout.write(`${JSON.stringify({ event: "http", listen: where })}\n`);
    } else reporter.info(`status on http://${where}/metrics`);
  }
  let reloading = Promise.resolve();
  hangUp = () => {
    reloading = reloading.then(async () => {
      await supervisor.notify("RELOADING=1");
      announce(await reload(run, proxy, supervisor));
      await supervisor.notify("READY=1");
    }).catch(goOn);
  };
  const starting = untilReady(proxy, run, supervisor, signal).catch(goOn);
  await untilAborted(signal);
  await starting;
  await supervisor.notify("STOPPING=1");
  if (proxy.sessions.size > 0) {
    reporter.info(
      `waiting for open sessions to end (${proxy.sessions.size}); the same signal again ends them`,
    );
  }
  await proxy.drain(settings.drainMs);
}

/** Where events cannot be written any more, clients are served all the same. */
function goOn(error: unknown) {
  if (!isOutputError(error)) throw error;
}

/** What is served, and where, by the options and the configuration as it is now. */
async function plan(
  { names, options, context, reporter }: ProxyRun,
  { listens }: Supervisor,
) {
  const settings = readProxySettings(options);
  const targets = await readServedTargets(names, options, context, reporter);
  const given = options.listen ??
    listens(targets.map(({ name }) => name));
  return planListeners(targets, given, settings);
}

/** Makes what announces new listeners, and once the password that was generated for them. */
function announcer(
  { secret, isGenerated }: LocalPassword,
  json: boolean,
  { context, reporter, options }: ProxyRun,
): (listeners: readonly PlannedListener[]) => void {
  const { stdout } = context;
  let isNews = isGenerated;
  return (listeners) => {
    const password = isGenerated ? secret : undefined;
    announceListeners(listeners, { stdout, json, password });
    if (!json) {
      const hasTls = options.tlsCert !== undefined;
      notesForClients(listeners, hasTls).forEach((note) => reporter.info(note));
    }
    if (
      json || !isNews || !listeners.some((listener) => listener.needsPassword)
    ) return;
    reporter.info(`password: ${secret.reveal()}`);
    isNews = false;
  };
}

/** Serves what the configuration says now; what was served goes on when that cannot be read. */
async function reload(
  run: ProxyRun,
  proxy: RunningProxy,
  supervisor: Supervisor,
) {
  const { reporter } = run;
  try {
    const added = await proxy.replace(await plan(run, supervisor));
    reporter.info(`reloaded; targets: ${targetsOf(proxy).length}`);
    return added;
  } catch (error) {
    const why = errorMessage(error);
    reporter.warn(`The new configuration is not used: ${why}`);
    return [];
  }
}

/** Tells of targets that no token can be signed for, and the supervisor once there is none. */
async function untilReady(
  proxy: RunningProxy,
  { context, reporter }: ProxyRun,
  supervisor: Supervisor,
  signal: AbortSignal,
) {
  await waitUntilReady(
    () => targetsOf(proxy),
    ({ name, error }) => {
      const why = errorMessage(error);
      reporter.warn(`Logins at ${name} do not work yet: ${why}`);
    },
    { tokens: await context.tokens(), clock: context.clock },
    signal,
  );
  if (!signal.aborted) await supervisor.notify("READY=1");
}

function targetsOf({ listeners }: RunningProxy) {
  return listeners.flatMap(({ targets }) => targets);
}

/**
 * The targets to serve. Those that cannot be used are warned of, as long as there is another.
 *
 * @throws {RdsiamError} as {@linkcode readTargets} does, and when no target is left
 */
export async function readServedTargets(
  names: readonly string[],
  options: TargetOptions,
  context: TargetContext,
  reporter: Reporter,
): Promise<readonly NamedTarget[]> {
  const { targets, failures } = await readTargets(
    names,
    options,
    context,
    reporter,
  );
  if (targets.length === 0 && failures[0] !== undefined) {
    throw failures[0].error;
  }
  for (const { name, error } of failures) {
    const why = errorMessage(error);
    reporter.warn(`Target "${name}" is left out: ${why}`);
  }
  return targets;
}
