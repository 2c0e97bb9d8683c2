import type { ManagedEntry, Rendered, WriterDescription } from "./writer.ts";

/** The longest text that a writer may make, in UTF-16 code units: 64 Mi. */
export const LONGEST_TEXT = 64 * 1024 * 1024;

const REREADS = ["connection", "start", "reload"] as const;

/**
 * Checks what an outsider's writer made of a file.
 *
 * @throws {TypeError} when it is no {@linkcode Rendered}, or has lost bytes of the old text that are not UTF-8
 */
export function checkRendered(answer: unknown, oldText: string): Rendered {
  const { newText, notices = [], leftOut } = readObject(answer);
  if (typeof newText !== "string") {
    throw new TypeError("Its answer has no text newText");
  }
  if (newText.length > LONGEST_TEXT) {
    throw new TypeError("Its newText is longer than 64 MiB");
  }
  if (replaced(newText) > replaced(oldText) && !oldText.isWellFormed()) {
    throw new TypeError(
      "Its newText has lost bytes of the old text that are not UTF-8",
    );
  }
  if (!isTexts(notices)) {
    throw new TypeError("The notices of its answer are not a list of texts");
  }
  if (leftOut !== undefined && !isTexts(leftOut)) {
    throw new TypeError("The leftOut of its answer is not a list of texts");
  }
  return { newText, notices, ...(leftOut !== undefined && { leftOut }) };
}

/**
 * Checks what an outsider's writer tells of itself.
 *
 * @throws {TypeError} when something is missing
 */
export function checkDescription(answer: unknown): WriterDescription {
  const { summary, clients, rereads, holdsSecrets } = readObject(answer);
  if (typeof summary !== "string" || typeof clients !== "string") {
    throw new TypeError("Its description has no texts summary and clients");
  }
  const rereadsWhen = REREADS.find((when) => when === rereads);
  if (rereadsWhen === undefined) {
    throw new TypeError(
      `The rereads of its description must be one of ${REREADS.join(", ")}`,
    );
  }
  if (typeof holdsSecrets !== "boolean") {
    throw new TypeError("The holdsSecrets of its description is not a boolean");
  }
  return { summary, clients, rereads: rereadsWhen, holdsSecrets };
}

/**
 * Checks what an outsider's writer says that a file holds.
 *
 * @throws {TypeError} when it is no list of entries with names
 */
export function checkManaged(answer: unknown): ManagedEntry[] {
  if (!Array.isArray(answer)) throw new TypeError("Its list() gives no list");
  return answer.map((entry) => {
    const { name, expiresAt } = readObject(entry);
    if (typeof name !== "string") {
      throw new TypeError("Its list() gives an entry without a name");
    }
    return {
      name,
      expiresAt: typeof expiresAt === "number" ? expiresAt : undefined,
    };
  });
}

/**
 * The members of an object.
 *
 * @throws {TypeError} when it is none
 */
export function readObject(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("Its answer is not an object");
  }
  return { ...value };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) &&
    value.every((item) => typeof item === "string");
}

/** How often the character stands in a text that a decoder puts in the place of what it cannot read. */
function replaced(text: string): number {
  return text.split("\uFFFD").length - 1;
}

/** What a plugin may be called: letters, digits, `-` and `_`; no path separator, dot or leading dash. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Whether a plugin may be looked for by this name. */
export function isPluginName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a writer is named by its path: it holds a separator, or ends as a module does. */
export function isPluginPath(name: string): boolean {
  return /[/\\]/.test(name) || isModulePath(name);
}

/** Whether a file is a module by its name. */
export function isModulePath(path: string): boolean {
  return /\.(ts|js|mjs)$/.test(path);
}
