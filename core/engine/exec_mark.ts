/**
 * The variable by which `exec` tells an rdsiam that is started within its program which variables are its own: JSON, `put`
 * with a checksum of each value that it put there, `was` with the values that it put others in the place of or took out.
 */
export const EXEC_MARK = "RDSIAM_EXEC";

/** Variables whose values are not written down a second time. */
const SECRET: ReadonlySet<string> = new Set(["PGPASSWORD", "MYSQL_PWD"]);

type Environment = Readonly<Record<string, string>>;

/** What {@linkcode EXEC_MARK} holds. */
interface ExecMark {
  put: Environment;
  was: Environment;
}

/**
 * Marks the environment of a child with what was changed in it.
 *
 * @param outside the environment before the change
 */
export function markExec(
  outside: Environment,
  changed: Environment,
): Record<string, string> {
  const put: Record<string, string> = {};
  const was: Record<string, string> = {};
  for (const [name, value] of Object.entries(changed)) {
    if (outside[name] !== value) put[name] = checksum(value);
  }
  for (const [name, value] of Object.entries(outside)) {
    if (changed[name] !== value && !SECRET.has(name)) was[name] = value;
  }
  return { ...changed, [EXEC_MARK]: JSON.stringify({ put, was }) };
}

/**
 * The environment as it was outside of the `exec` that this runs in, with what has been set since. An environment without
 * a mark, or with one that cannot be read, is as it is.
 */
export function outsideOfExec(
  environment: Environment,
): Record<string, string> {
  const { [EXEC_MARK]: text, ...rest } = environment;
  const mark = text === undefined ? undefined : readMark(text);
  if (mark === undefined) return { ...environment };
  const outside: Record<string, string> = rest;
  for (const [name, value] of Object.entries(mark.put)) {
    const now = rest[name];
    if (now === undefined || checksum(now) !== value) continue;
    delete outside[name];
    if (mark.was[name] !== undefined) outside[name] = mark.was[name];
  }
  for (const [name, value] of Object.entries(mark.was)) {
    if (!(name in mark.put)) outside[name] ??= value;
  }
  return outside;
}

function readMark(text: string): ExecMark | undefined {
  try {
    const { put, was } = JSON.parse(text);
    return isEnvironment(put) && isEnvironment(was) ? { put, was } : undefined;
  } catch {
    return undefined;
  }
}

function isEnvironment(value: unknown): value is Environment {
  return typeof value === "object" && value !== null &&
    Object.values(value).every((item) => typeof item === "string");
}

/** FNV-1a, 32 bits: enough to see that a value is another one, too little to find a password by. */
function checksum(value: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(value)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16);
}
