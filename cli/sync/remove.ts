import { RdsiamError } from "../../core/errors.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import { removeFromJob } from "../../services/sync/write_job.ts";
import type { CommonOptions, Invocation } from "../frame/command.ts";
import type { Reporter } from "../frame/output.ts";
import { openFile } from "./open_file.ts";
import { createWritePorts, type WriteContext } from "./ports.ts";
import { nameSome } from "./report.ts";
import type { WriterRequest } from "./writer_requests.ts";

/**
 * Takes entries out of a writer's file; without names, all that rdsiam manages there.
 *
 * @throws {RdsiamError} `usage`, when a name is not in the file; `failed`, when the file cannot be replaced
 */
export async function removeManaged(
  request: WriterRequest,
  names: readonly string[],
  { json }: CommonOptions,
  invocation: Invocation<WriteContext>,
  reporter: Reporter,
): Promise<void> {
  const { context } = invocation;
  const { writer, path, entries } = await openFile(request, context);
  const managed = entries.map(({ name }) => name);
  for (const name of names) {
    if (managed.includes(name)) continue;
    throw new RdsiamError(
      "usage",
      `Target "${name}" is not in ${path}`,
      {
        hint: didYouMean(name, managed) ??
          (managed.length > 0
            ? `It has ${nameSome(managed)}`
            : "rdsiam manages nothing there"),
      },
    );
  }
  const removed = names.length > 0 ? names : managed;
  const ports = await createWritePorts(context);
  const { changed, notices } = await removeFromJob(
    { writer, destination: { kind: "file", path }, targets: [] },
    removed,
    ports,
  );
  for (const notice of notices) reporter.warn(notice);
  if (json) {
    const result = { path, removed, changed };
    return context.stdout.write(`${JSON.stringify(result)}\n`);
  }
  reporter.info(
    removed.length === 0
      ? `rdsiam manages nothing in ${path}`
      : `${path}: ${nameSome(removed)} taken out`,
  );
}
