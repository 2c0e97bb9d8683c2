import { parseConfig } from "../../core/config/parse.ts";
import { discoveredEndpoints } from "../../core/rds/discovered.ts";
import { isSelected } from "../../core/rds/selection.ts";
import {
  type NamedEndpoint,
  nameEndpoints,
} from "../../core/rds/target_names.ts";
import { discover, type Place } from "../../services/rds/discover.ts";
import { ambientProfile } from "../../adapters/credentials/shared_config.ts";
import { homeFolder } from "../../adapters/config/config_paths.ts";
import { applyVerbosity, type Invocation } from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import { signInHelp } from "../frame/sign_in.ts";
import { StatusLine } from "../frame/status_line.ts";
import { formatTable } from "../frame/table.ts";
import { type AccountCaller, readCallers } from "./discover_accounts.ts";
import { readSelection } from "./discover_check.ts";
import { reportClock, reportFailures } from "./discover_report.ts";
import { readRegions, warnOfUnknown } from "./discover_regions.ts";
import {
  ENDPOINT_HEAD,
  endpointDocument,
  endpointRow,
} from "./discover_view.ts";
import type { DiscoverOptions } from "./discover_options.ts";
import { pick } from "./discover_pick.ts";
import type { Finder, SaveContext } from "./discover_save.ts";

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
  const selection = readSelection(options);
  const { profile } = options;
  const regions = await readRegions(options, profile, context);
  warnOfUnknown(regions, reporter);
  const configured = await readConfigured(options, context);
  const help = signInHelp(options, context, reporter);
  const home = await context.defaultRegion(profile);
  const callers = await readCallers(
    options,
    home ?? regions[0] ?? "us-east-1",
    help,
    context,
  );
  const places = callers.flatMap(({ aws: { rds }, account }) =>
    regions.map((region) => ({
      rds,
      region,
      ...(account !== undefined && { account }),
    }))
  );
  const progress = showProgress(places, callers, options, context, reporter);
  const found = await discover(places, progress.show).finally(progress.clear);
  reportFailures(found, options, reporter);
  for (const { aws } of callers.slice(0, 1)) reportClock(aws, reporter);
  const all = nameEndpoints(
    discoveredEndpoints(
      found.inventories.flatMap(({ databases }) => databases),
    ),
    configured,
    {
      region: home,
      isOwnAccount: options.profile === undefined &&
        options.roleArn === undefined && options.accounts === undefined,
    },
    options.nameTemplate,
  ).filter((one) => isSelected(one, selection));
  const finders = finderOf(callers, context);
  if (options.prune) {
    const { prune } = await import("./discover_prune.ts");
    const searched = found.inventories.map((inventory) => ({
      inventory,
      ...finders(inventory.account),
    }));
    await prune(configured, searched, options, context, reporter);
    if (!options.save) return;
  }
  if (options.save) {
    const { saveDiscovered } = await import("./discover_save.ts");
    const find = { names, finderOf: finders };
    return await saveDiscovered(all, find, options, context, reporter);
  }
  show(pick(all, names), regions, options, context, reporter);
}

/** The profile and the role that found what an account has: what its targets are saved with. */
function finderOf(
  callers: readonly AccountCaller[],
  { environment }: Pick<Context, "environment">,
): Finder {
  const byAccount = new Map(callers.map((one) => [one.account, one.identity]));
  return (account) => {
    const { profile, roleArn } = byAccount.get(account) ??
      byAccount.get(undefined) ?? {};
    // Keys of the environment beat its profile.
    const ambient = environment.AWS_ACCESS_KEY_ID
      ? undefined
      : ambientProfile(environment);
    const used = profile ?? ambient;
    return {
      ...(used !== undefined && { profile: used }),
      ...(roleArn !== undefined && { roleArn }),
    };
  };
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
  { length }: readonly Place[],
  { length: accounts }: readonly AccountCaller[],
  { quiet }: DiscoverOptions,
  { stderr }: Pick<Context, "stderr">,
  reporter: Reporter,
) {
  const line = new StatusLine(stderr);
  const isDrawn = stderr.isTerminal && !quiet && length > 1;
  const where = accounts > 1
    ? `${accounts} accounts, ${length / accounts} region${
      length > accounts ? "s" : ""
    } each`
    : `${length} regions`;
  function show(answered: number) {
    if (isDrawn) line.draw(`Looking in ${where}: ${answered} answered`);
  }
  // Not drawn before the first answer: until then, credentials may be asked for.
  if (!isDrawn && length > 1) reporter.info(`Looking in ${where}`);
  return { show, clear: () => line.clear() };
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
