import type { Context } from "../frame/context.ts";
import type { ManagedEntry } from "../../core/writer/writer.ts";
import type { CommonOptions, Invocation } from "../frame/command.ts";
import { formatTable } from "../frame/table.ts";
import { openFile } from "./open_file.ts";
import { timeLeft } from "./time_left.ts";
import type { WriterRequest } from "./writer_requests.ts";

/**
 * Prints what rdsiam manages in a writer's file.
 *
 * @throws {RdsiamError} `failed`, when the file cannot be read or parsed
 */
export async function listManaged(
  request: WriterRequest,
  { json }: CommonOptions,
  invocation: Invocation<
    Pick<Context, "environment" | "files" | "clock" | "stdout">
  >,
): Promise<void> {
  const { context } = invocation;
  const { path, entries } = await openFile(request, context);
  const now = context.clock.now();
  if (json) {
    const result = { path, entries: entries.map((e) => toJson(e, now)) };
    return context.stdout.write(`${JSON.stringify(result)}\n`);
  }
  if (entries.length === 0) {
    return invocation.reporter.info(`rdsiam manages nothing in ${path}`);
  }
  const rows = entries.map(({ name, expiresAt }) => [
    name,
    expiresAt === undefined ? "" : new Date(expiresAt).toISOString(),
    expiresAt === undefined ? "" : timeLeft(expiresAt, now),
  ]);
  context.stdout.write(formatTable([["TARGET", "EXPIRES", "LEFT"], ...rows]));
}

function toJson({ name, expiresAt }: ManagedEntry, now: number) {
  if (expiresAt === undefined) return { name };
  return {
    name,
    expiresAt: new Date(expiresAt).toISOString(),
    secondsLeft: Math.max(0, Math.floor((expiresAt - now) / 1000)),
  };
}
