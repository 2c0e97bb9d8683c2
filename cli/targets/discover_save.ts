import { addTargets, type NewTarget } from "../../core/config/edit.ts";
import { RdsiamError } from "../../core/errors.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";
import { type LoginSettings, newTarget } from "../../core/rds/new_target.ts";
import type { NamedEndpoint } from "../../core/rds/target_names.ts";
import { checkFields } from "../../core/target/check_fields.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import { homeFolder } from "../../adapters/config/config_paths.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";
import { formatTable } from "../frame/table.ts";
import type { DiscoverOptions } from "./discover_options.ts";
import { isPattern } from "../../core/rds/selection.ts";
import { pick } from "./discover_pick.ts";
import { endpointRow } from "./discover_view.ts";

/** What endpoints are saved with. */
export type SaveContext = Pick<
  Context,
  "environment" | "stdout" | "files" | "configPath" | "choose" | "askText"
>;

/** The profile and the role that found what an account has; of no account in particular where only one was asked. */
export type Finder = (
  account: string | undefined,
) => Pick<LoginSettings, "profile" | "roleArn">;

/**
 * Adds endpoints to the configuration file: those that are named, else those that are chosen on the terminal. What is there
 * already stays as it is.
 *
 * @throws {RdsiamError} `usage`, when none are named and there is no terminal, or one cannot be a target
 */
export async function saveDiscovered(
  all: readonly NamedEndpoint[],
  { names, finderOf }: { names: readonly string[]; finderOf: Finder },
  options: DiscoverOptions,
  context: SaveContext,
  reporter: Reporter,
): Promise<void> {
  const chosen = options.all
    ? pick(all, names).filter(({ obstacle }) => obstacle === undefined)
    : names.length > 0
    ? named(all, names)
    : await chooseFrom(all, context, reporter);
  const old = chosen.filter(({ isConfigured }) => isConfigured);
  tellEach(
    old.map(({ name }) => `Target "${name}" exists already`),
    "targets exist already",
    reporter,
  );
  const fresh = chosen.filter(({ isConfigured }) => !isConfigured);
  const make = (one: NamedEndpoint, username?: string) =>
    newTarget(one, {
      ...finderOf(one.database.account),
      ...(username && { username }),
    });
  fresh.forEach((one) => make(one)); // before anything is asked
  const username = fresh.length > 0
    ? await readUsername(options, context, reporter)
    : undefined;
  const targets = fresh.map((one) => make(one, username));
  targets.forEach(check);
  const file = await context.configPath(options.config);
  if (targets.length > 0) await write(targets, file, context);
  tellEach(
    targets.map(({ name }) => `Added target "${name}" to "${file}"`),
    `targets were added to "${file}"`,
    reporter,
  );
  if (options.json) {
    const saved = targets.map(({ name }) => ({ name, file }));
    context.stdout.write(`${JSON.stringify(saved)}\n`);
  }
  tellNextSteps(fresh, targets, reporter);
}

/** How many targets are told of by their names. */
const MOST_NAMED = 20;

function tellEach(
  messages: readonly string[],
  summary: string,
  reporter: Reporter,
) {
  const { length } = messages;
  if (length > MOST_NAMED) return reporter.info(`${length} ${summary}`);
  for (const message of messages) reporter.info(message);
}

/** The endpoints that are called so, else the writers and readers of the databases that are. */
function named(
  all: readonly NamedEndpoint[],
  names: readonly string[],
): NamedEndpoint[] {
  const meant = new Set<NamedEndpoint>();
  for (const name of names) {
    const found = pick(all, [name]);
    const exact = found.filter((one) =>
      one.name === name || one.shortName === name
    );
    // A pattern means what can be saved of all that it matches.
    const wanted = isPattern(name)
      ? found.filter(({ obstacle }) => obstacle === undefined)
      : exact.length > 0
      ? exact
      : found;
    for (const one of wanted) meant.add(one);
  }
  return [...meant];
}

async function chooseFrom(
  all: readonly NamedEndpoint[],
  context: Pick<Context, "choose">,
  reporter: Reporter,
): Promise<readonly NamedEndpoint[]> {
  const free = all.filter((one) => !one.isConfigured && !one.obstacle);
  if (free.length === 0) {
    reporter.info("Everything found is saved already");
    return [];
  }
  const labels = formatTable(free.map((one) => endpointRow(one).slice(0, 4)))
    .split("\n");
  const values = await context.choose(
    "Which shall have a name in the configuration?",
    free.map(({ name }, index) => ({
      label: labels[index] ?? name,
      value: name,
    })),
  );
  if (values === undefined) {
    throw new RdsiamError("usage", "Nothing to save is named", {
      hint: "Name it: rdsiam targets discover --save NAME...",
    });
  }
  if (values.length === 0) {
    reporter.info("Nothing was chosen: the space bar chooses, Enter ends");
  }
  return free.filter(({ name }) => values.includes(name));
}

async function readUsername(
  { username }: DiscoverOptions,
  context: Pick<Context, "askText">,
  reporter: Reporter,
): Promise<string | undefined> {
  if (username !== undefined) return username;
  const answer = await context.askText(
    "Database user that logs in with IAM (empty: none yet):",
  );
  if (answer?.trim()) return answer.trim();
  reporter.info("No user is saved: pass -U with each command");
  return undefined;
}

/** Refuses what no target can be made of, such as a user name that is too long. */
function check({ fields }: NewTarget) {
  const { host = "", username } = fields;
  const endpoint = parseEndpoint(host);
  if (endpoint === undefined || username === undefined) return;
  const origin = { kind: "implied", what: "AWS" } as const;
  checkFields({
    host: { value: host, origin },
    username: { value: username, origin: { kind: "flag", flag: "--username" } },
    ...(fields.engine && { engine: { value: fields.engine, origin } }),
  }, endpoint);
}

async function write(
  targets: readonly NewTarget[],
  file: string,
  context: Pick<Context, "files" | "environment">,
) {
  const home = homeFolder(context.environment);
  await (await context.files()).update(
    file,
    (text) => addTargets(text, targets, { file, home }),
    { isSecret: false },
  );
}

function tellNextSteps(
  saved: readonly NamedEndpoint[],
  targets: readonly NewTarget[],
  reporter: Reporter,
) {
  const off = saved.filter(({ database }) =>
    database.iam === "off" && database.kind !== "proxy"
  );
  tellEach(
    off.map(({ name }) =>
      `IAM authentication of "${name}" is off: rdsiam policy --enable ${name} turns it on`
    ),
    "of them have IAM authentication off: rdsiam policy --enable NAME turns it on",
    reporter,
  );
  const [first] = targets.filter(({ admin, fields }) =>
    admin !== undefined && fields.engine === undefined
  );
  if (first === undefined) return;
  const user = first.fields.username === undefined ? " -U USER" : "";
  const name = quoteForShell(first.name);
  reporter.info(
    `Next: rdsiam setup-db ${name}${user}, rdsiam policy ${name}${user}, rdsiam exec ${name}${user} -- psql`,
  );
}
