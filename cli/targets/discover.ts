import { parseConfig } from "../../core/config/parse.ts";
import { ENGINE_NAMES } from "../../core/engine/engines.ts";
import { readChoice } from "../../core/text/choice.ts";
import type { RdsInventory } from "../../core/rds/database.ts";
import { discoveredEndpoints } from "../../core/rds/discovered.ts";
import { isClosedRegion, sharedFailures } from "../../core/rds/failures.ts";
import {
  type NamedEndpoint,
  nameEndpoints,
} from "../../core/rds/target_names.ts";
import { discover } from "../../services/rds/discover.ts";
import { homeFolder } from "../../adapters/config/config_paths.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import { signInHelp } from "../frame/sign_in.ts";
import { StatusLine } from "../frame/status_line.ts";
import { formatTable } from "../frame/table.ts";
import { readRegions, warnOfUnknown } from "./discover_regions.ts";
import {
  ENDPOINT_HEAD,
  endpointDocument,
  endpointRow,
} from "./discover_view.ts";
import type { DiscoverOptions } from "./discover_options.ts";
import { pick } from "./discover_pick.ts";
import type { SaveContext } from "./discover_save.ts";

/** What databases are discovered with. */
type DiscoverContext =
  & SaveContext
  & Pick<
    Context,
    "aws" | "clock" | "defaultRegion" | "askSecret" | "signIn"
  >;

/** Finds the databases of an AWS account, and saves those that are wanted. */
export async function runDiscover(
  names: readonly string[],
  options: DiscoverOptions,
  invocation: Invocation<DiscoverContext>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const { engine } = options;
  if (engine !== undefined) readChoice(engine, ENGINE_NAMES, "Engine");
  const { profile } = options;
  const regions = await readRegions(options, profile, context);
  warnOfUnknown(regions, reporter);
  const configured = await readConfigured(options, context);
  const identity = {
    ...(profile !== undefined && { profile }),
    ...(options.roleArn !== undefined && { roleArn: options.roleArn }),
  };
  const { rds } = await context.aws(
    identity,
    signInHelp(options, context, reporter),
  );
  const progress = showProgress(regions, options, context, reporter);
  const inventories = await discover(rds, regions, progress.show)
    .finally(progress.clear);
  reportFailures(inventories, options, reporter);
  const all = nameEndpoints(
    discoveredEndpoints(inventories.flatMap(({ databases }) => databases)),
    configured,
    {
      region: await context.defaultRegion(profile),
      isOwnAccount: options.profile === undefined &&
        options.roleArn === undefined,
    },
  ).filter(({ database }) =>
    engine === undefined || database.engine === engine
  );
  if (options.save) {
    const { saveDiscovered } = await import("./discover_save.ts");
    return await saveDiscovered(
      all,
      names,
      { ...options, identity },
      context,
      reporter,
    );
  }
  show(pick(all, names), regions, options, context, reporter);
}

/** The targets of the file that would be added to. */
async function readConfigured(
  options: DiscoverOptions,
  context: Pick<Context, "configPath" | "files" | "environment">,
) {
  const file = await context.configPath(options.config);
  const text = await (await context.files()).read(file) ?? "";
  const home = homeFolder(context.environment);
  return (await parseConfig(text, { file, home })).targets;
}

function showProgress(
  { length }: readonly string[],
  { quiet }: DiscoverOptions,
  { stderr }: Pick<Context, "stderr">,
  reporter: Reporter,
) {
  const line = new StatusLine(stderr);
  const isDrawn = stderr.isTerminal && !quiet && length > 1;
  function show(answered: number) {
    if (isDrawn) {
      line.draw(`Looking in ${length} regions: ${answered} answered`);
    }
  }
  // Not drawn before the first answer: until then, credentials may be asked for.
  if (!isDrawn && length > 1) reporter.info(`Looking in ${length} regions`);
  return { show, clear: () => line.clear() };
}

/**
 * Warns of what could not be read. In a search of every region, those that are not enabled for the account are no failure.
 *
 * @throws {AwsCallError} the first failure, when nothing was found
 */
function reportFailures(
  inventories: readonly RdsInventory[],
  { allRegions }: DiscoverOptions,
  reporter: Reporter,
) {
  const open = inventories.filter((one) => !isClosedRegion(one));
  const isPartial = allRegions && open.length > 0;
  const failures = sharedFailures(isPartial ? open : inventories);
  if (isPartial && open.length < inventories.length) {
    const closed = inventories.filter(isClosedRegion);
    const names = closed.map(({ region }) => region).join(", ");
    reporter.detail(`not enabled for this account: ${names}`);
  }
  const hasFound = inventories.some(({ databases }) => databases.length > 0);
  const [first] = failures;
  if (!hasFound && first !== undefined) throw first.error;
  for (const { error, regions: { length } } of failures) {
    const more = length > 1
      ? `; the same in ${length - 1} more region${length > 2 ? "s" : ""}`
      : "";
    reporter.warn(`${error.message}${more}`);
  }
}

function show(
  found: readonly NamedEndpoint[],
  regions: readonly string[],
  { json }: DiscoverOptions,
  { stdout }: Pick<Context, "stdout">,
  reporter: Reporter,
) {
  if (json) {
    stdout.write(`${JSON.stringify(found.map(endpointDocument))}\n`);
  } else if (found.length > 0) {
    stdout.write(formatTable([ENDPOINT_HEAD, ...found.map(endpointRow)]));
  }
  if (found.length === 0) {
    const [first] = regions;
    const where = regions.length === 1 ? first : `${regions.length} regions`;
    return reporter.info(
      `No databases in ${where}: --region, --all-regions and --profile look elsewhere`,
    );
  }
  const off = found.filter(({ database, isConfigured, obstacle }) =>
    database.iam === "off" && database.kind !== "proxy" &&
    (obstacle === undefined || isConfigured)
  );
  const owners = [...new Set(off.map(({ owner }) => owner.name))];
  if (owners.length > 0) {
    reporter.info(
      `IAM authentication is off for ${
        owners.join(", ")
      }: once saved, rdsiam policy --enable NAME turns it on`,
    );
  }
}
