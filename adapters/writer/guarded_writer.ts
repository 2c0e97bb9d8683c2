import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { maskSecrets } from "../../core/text/mask_secrets.ts";
import {
  checkDescription,
  checkManaged,
  checkRendered,
} from "../../core/writer/plugin.ts";
import type { Secret } from "../../core/secret.ts";
import {
  type Rendered,
  UnreadableText,
  type Writer,
} from "../../core/writer/writer.ts";
import { within } from "../../core/ports/within.ts";
import { systemClock } from "../process/clock.ts";

/** Where a plugin comes from. */
export interface PluginSource {
  name: string;
  /** Its absolute path. */
  path: string;
}

/** How long a plugin may take for anything, in milliseconds. */
export const PLUGIN_DEADLINE_MS = 10_000;

/**
 * An outsider's writer whose every answer is checked and awaited only so long, and whose failures are reported with its
 * name, and with no token in them.
 *
 * @throws {RdsiamError} `failed`, when it is no writer
 */
export function guardWriter(
  writer: unknown,
  source: PluginSource,
  deadlineMs = PLUGIN_DEADLINE_MS,
): Writer {
  const inner = named(() => checkWriter(writer), source);
  async function guard(
    call: () => Rendered | Promise<Rendered>,
    oldText: string,
    secrets: readonly Secret[],
  ): Promise<Rendered> {
    try {
      const answer = await settleInTime(call(), deadlineMs);
      const { notices = [], leftOut, ...rest } = checkRendered(
        answer,
        oldText,
      );
      const mask = (text: string) => maskSecrets(text, secrets);
      return {
        ...rest,
        notices: notices.map(mask),
        ...(leftOut !== undefined && { leftOut: leftOut.map(mask) }),
      };
    } catch (error) {
      throw pluginError(error, source, secrets);
    }
  }
  return {
    name: source.name,
    describe: named(() => checkDescription(inner.describe), source),
    defaultPath: (environment, os) =>
      named(() => checkPath(inner.defaultPath(environment, os)), source),
    render: (entries, oldText) =>
      guard(
        () => inner.render(entries, oldText),
        oldText,
        entries.map(({ password }) => password),
      ),
    remove: (names, oldText) =>
      guard(() => inner.remove(names, oldText), oldText, []),
    ...(inner.list !== undefined && {
      list: (oldText) =>
        named(() => checkManaged(inner.list?.(oldText)), source),
    }),
  };
}

/** What to say of a failure in a plugin's code. */
export function pluginError(
  error: unknown,
  { name, path }: PluginSource,
  secrets: readonly Secret[] = [],
): Error {
  const raw = errorMessage(error);
  const message = tidy(maskSecrets(raw, secrets));
  // A plugin throws its own class of that name: it can import none of ours.
  if (
    error instanceof Error && error.name === "UnreadableText" &&
    "line" in error && typeof error.line === "number"
  ) return new UnreadableText(error.line, message);
  const cause = new Error(message);
  const stack = error instanceof Error ? error.stack ?? "" : "";
  cause.stack = maskSecrets(stack, secrets);
  return new RdsiamError(
    "failed",
    `Writer "${name}" of "${path}" failed: ${message}`,
    { hint: "Set RDSIAM_DEBUG=1 to see where, and tell its author", cause },
  );
}

function named<T>(call: () => T, source: PluginSource): T {
  try {
    return call();
  } catch (error) {
    throw pluginError(error, source);
  }
}

function checkWriter(writer: unknown): Writer {
  if (!isWriter(writer)) {
    throw new TypeError(
      "It makes no writer: describe, defaultPath(), render() and remove() are required",
    );
  }
  return writer;
}

function isWriter(value: unknown): value is Writer {
  if (typeof value !== "object" || value === null) return false;
  const methods = ["defaultPath", "render", "remove"];
  return "describe" in value &&
    methods.every((name) => typeof Reflect.get(value, name) === "function");
}

function checkPath(path: unknown): string | undefined {
  if (path === undefined || typeof path === "string") return path;
  throw new TypeError("Its defaultPath() returns something that is not a path");
}

/** The first line of a message, to stand after a colon, without the colours that Deno gives its own. */
function tidy(message: string): string {
  // deno-lint-ignore no-control-regex
  const plain = message.replaceAll(/\x1b\[[\d;]*m/g, "").split("\n")[0] ?? "";
  // deno-lint-ignore no-control-regex
  return plain.replaceAll(/[\x00-\x1f\x7f]/g, " ").trim()
    .replace(/^Its?\b/, (word) => word.toLowerCase());
}

/**
 * Waits for somebody else's code, but not for ever.
 *
 * @throws {Error} when it has not settled within so many milliseconds
 */
export async function settleInTime<Value>(
  value: Value | Promise<Value>,
  deadlineMs: number,
): Promise<Value> {
  return await within(
    systemClock,
    deadlineMs,
    () => new Error(`It took longer than ${deadlineMs / 1000} s`),
    () => Promise.resolve(value),
  );
}
