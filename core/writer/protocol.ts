/**
 * What rdsiam says to an executable `rdsiam-writer-NAME`: one JSON object on its standard input, answered by one on its
 * standard output. Times are RFC 3339. Bytes of a file that are no UTF-8 stand as escapes of lone surrogates.
 *
 * @module
 */
import type { WriterEntry, WriterOption } from "./writer.ts";

/** The options that a writer is made with. */
export type WriterOptions = Readonly<Record<string, WriterOption>>;

/** Asks a writer what it is. */
export function describeRequest(options: WriterOptions): string {
  return JSON.stringify({ action: "describe", options });
}

/** Asks a writer to put entries into a text. The tokens are in it: it goes to the writer alone. */
export function renderRequest(
  options: WriterOptions,
  entries: readonly WriterEntry[],
  oldText: string,
): string {
  return JSON.stringify({
    action: "render",
    options,
    entries: entries.map(({ password, expiresAt, ...entry }) => ({
      ...entry,
      password: password.reveal(),
      expiresAt: expiresAt === 0 ? null : new Date(expiresAt).toISOString(),
    })),
    oldText,
  });
}

/** Asks a writer to take the entries of these names out of a text; without names, all. */
export function removeRequest(
  options: WriterOptions,
  names: readonly string[] | undefined,
  oldText: string,
): string {
  return JSON.stringify({
    action: "remove",
    options,
    names: names ?? null,
    oldText,
  });
}
