import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { Files } from "../../core/ports/files.ts";
import type { Shell } from "../../core/ports/process.ts";
import type { Target } from "../../core/target/target.ts";
import type { AuthToken } from "../../core/token/token.ts";
import { type Rendered, UnreadableText } from "../../core/writer/writer.ts";
import {
  destinationName,
  type Places,
  type SyncJob,
  writerEntry,
} from "./job.ts";

/** What writing needs from outside. */
export interface WritePorts {
  files: Files;
  shell: Shell;
  places: Places;
  /** Makes sure that the roots of RDS are in their file, those of these targets included. */
  provideRoots: (targets: readonly Target[]) => Promise<void>;
  /** Writes to standard output. */
  print: (text: string) => void;
}

/** What became of a job. */
export interface Written {
  /** Whether its file has new content. What goes elsewhere than to a file always counts as new. */
  changed: boolean;
  /** What the user should know. */
  notices: readonly string[];
  /** The targets that are in it now. */
  names: readonly string[];
  /** The targets that its writer has left out, since such a file cannot hold them. */
  leftOut: readonly string[];
}

/**
 * Puts the targets of a job into its file, those that have no token left aside.
 *
 * @param tokens the token of each target by its name
 * @param signal ends a command that the text goes to
 * @throws {RdsiamError} `failed`, when the writer refuses the file or an entry, or the file cannot be replaced
 */
export async function writeJob(
  job: SyncJob,
  tokens: ReadonlyMap<string, AuthToken>,
  ports: WritePorts,
  signal?: AbortSignal,
): Promise<Written> {
  const { writer } = job;
  const { holdsSecrets } = writer.describe;
  const needing = new Set<Target>();
  const entries = job.targets
    .filter(({ name }) => !holdsSecrets || tokens.has(name))
    .map((named) =>
      writerEntry(
        named,
        tokens.get(named.name),
        ports.places,
        () => needing.add(named.target),
      )
    );
  const names = entries.map(({ name }) => name);
  if (entries.length === 0) {
    return { changed: false, notices: [], names, leftOut: [] };
  }
  let leftOut: readonly string[] = [];
  const written = await put(job, ports, async (oldText) => {
    const rendered = await writer.render(entries, oldText);
    leftOut = names.filter((name) => rendered.leftOut?.includes(name));
    // Before the file that names them: no client shall find it missing.
    if (needing.size > 0) await ports.provideRoots([...needing]);
    const isSaid = leftOut.length === 0 ||
      (rendered.notices ?? []).length > 0;
    return isSaid
      ? rendered
      : { ...rendered, notices: [leftOutNotice(leftOut)] };
  }, signal);
  return {
    ...written,
    names: names.filter((name) => !leftOut.includes(name)),
    leftOut,
  };
}

/**
 * Takes targets out of the file of a job, or all that rdsiam put there.
 *
 * @throws {RdsiamError} `failed`, as {@linkcode writeJob} does
 */
export async function removeFromJob(
  job: SyncJob,
  names: readonly string[] | undefined,
  ports: WritePorts,
): Promise<Written> {
  if (job.destination.kind !== "file") {
    return { changed: false, notices: [], names: [], leftOut: [] };
  }
  const written = await put(
    job,
    ports,
    (oldText) => job.writer.remove(names, oldText),
  );
  return { ...written, names: names ?? [], leftOut: [] };
}

/** For a writer that does not say why itself. */
function leftOutNotice(names: readonly string[]): string {
  return `Left out, since such a file cannot hold ${
    names.length === 1 ? "it" : "them"
  }: ${names.join(", ")}`;
}

async function put(
  job: SyncJob,
  ports: WritePorts,
  render: (oldText: string) => Rendered | Promise<Rendered>,
  signal?: AbortSignal,
): Promise<{ changed: boolean; notices: readonly string[] }> {
  const { destination } = job;
  if (destination.kind === "file") {
    let notices: readonly string[] = [];
    const update = await ports.files.update(
      destination.path,
      async (oldText) => {
        const rendered = await named(job, () => render(oldText));
        notices = rendered.notices ?? [];
        return rendered.newText;
      },
      { isSecret: job.writer.describe.holdsSecrets },
    );
    return {
      changed: update.changed,
      notices: [...update.notices, ...notices],
    };
  }
  const { newText, notices = [] } = await named(job, () => render(""));
  if (destination.kind === "stdout") ports.print(newText);
  else await ports.shell.run(destination.command, newText, {}, signal);
  return { changed: true, notices };
}

/** Runs a writer and says of its errors whose they are. */
async function named(
  job: SyncJob,
  run: () => Rendered | Promise<Rendered>,
): Promise<Rendered> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof RdsiamError) throw cause;
    const what = job.destination.kind === "file"
      ? `File "${job.destination.path}"`
      : `Text for ${destinationName(job.destination)}`;
    const why = errorMessage(cause);
    if (cause instanceof UnreadableText) {
      throw new RdsiamError(
        "failed",
        `${what} is left alone, line ${cause.line}: ${why}`,
        { hint: "Mend that line, or name another file", cause },
      );
    }
    throw new RdsiamError(
      "failed",
      `${what} cannot be written by ${job.writer.name}: ${why}`,
      { cause },
    );
  }
}
