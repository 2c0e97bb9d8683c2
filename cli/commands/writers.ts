import type { Command } from "commander";
import type { WriterDescription } from "../../core/writer/writer.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type CommonOptions,
  type Invocation,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import { formatTable } from "../frame/table.ts";
import { type ListedWriter, listWriters } from "../writer/writers.ts";

/** When a client sees a new token, in words. */
const REREADS: Record<WriterDescription["rereads"], string> = {
  connection: "at each connection",
  start: "at its own start",
  reload: "when told to reload",
};

const HEADINGS = [
  "WRITER",
  "FILE",
  "MODE",
  "READ",
  "FROM",
  "WHAT, AND BY WHOM",
];

/** Declares `writers`. */
export function declare(command: Command, invocation: Invocation): void {
  addExamples(addCommonOptions(command), [
    "rdsiam writers",
    "rdsiam sync orders --writer pgpass --writer ./my-writer.ts=$HOME/.my-client",
  ]).action((options: CommonOptions) => run(options, invocation));
}

async function run(
  options: CommonOptions,
  invocation: Invocation<Pick<Context, "stdout">>,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const writers = await listWriters(context);
  if (options.json) {
    const found = writers.map(toJson);
    context.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    return;
  }
  const rows = writers.flatMap((writer) => {
    const { name, origin, description, defaultPath = "-" } = writer;
    if (description === undefined) return [];
    const { summary, clients, rereads } = description;
    const what = `${summary}: ${clients}`;
    const mode = modeOf(description);
    return [[name, defaultPath, mode, REREADS[rereads], origin, what]];
  });
  context.stdout.write(formatTable([HEADINGS, ...rows]));
  for (const { error } of writers) {
    if (error !== undefined) reporter.warn(error);
  }
}

/** A file without secrets keeps the mode that its owner gave it. */
function modeOf({ holdsSecrets }: WriterDescription): string {
  return holdsSecrets ? "0600" : "kept";
}

function toJson(
  { name, origin, description, defaultPath, error }: ListedWriter,
) {
  return {
    name,
    origin,
    defaultPath: defaultPath ?? null,
    mode: description === undefined ? null : modeOf(description),
    summary: description?.summary ?? null,
    clients: description?.clients ?? null,
    rereads: description?.rereads ?? null,
    holdsSecrets: description?.holdsSecrets ?? null,
    error: error ?? null,
  };
}
