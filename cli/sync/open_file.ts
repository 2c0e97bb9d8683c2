import { RdsiamError } from "../../core/errors.ts";
import {
  type ManagedEntry,
  UnreadableText,
  type Writer,
} from "../../core/writer/writer.ts";
import type { Context } from "../frame/context.ts";
import { loadWriter } from "../writer/writers.ts";
import { destinationOf } from "./jobs.ts";
import type { WriterRequest } from "./writer_requests.ts";

/** A writer's file and what rdsiam manages in it. */
export interface OpenedFile {
  writer: Writer;
  path: string;
  entries: readonly ManagedEntry[];
}

/**
 * Reads a writer's file.
 *
 * @throws {RdsiamError} `failed`, when it cannot be read or parsed; `usage`, when the writer cannot tell
 */
export async function openFile(
  request: WriterRequest,
  context: Pick<Context, "environment" | "files">,
): Promise<OpenedFile> {
  const writer = await loadWriter(request.writer, request.options, context);
  const destination = destinationOf(
    { ...request, folder: Deno.cwd() },
    writer,
    context,
  );
  if (destination.kind !== "file" || writer.list === undefined) {
    throw new RdsiamError("usage", "No file is named");
  }
  const { path } = destination;
  const text = await (await context.files()).read(path) ?? "";
  try {
    return { writer, path, entries: writer.list(text) };
  } catch (cause) {
    if (!(cause instanceof UnreadableText)) throw cause;
    throw new RdsiamError(
      "failed",
      `File "${path}" cannot be read, line ${cause.line}: ${cause.message}`,
      { cause },
    );
  }
}
