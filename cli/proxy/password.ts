import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import type { PlannedListener } from "./listeners.ts";
import type { ProxyCommandOptions } from "./settings.ts";

/** The local password. */
export interface LocalPassword {
  secret: Secret;
  /** Whether it is for this run alone, so that it has yet to be shown. */
  isGenerated: boolean;
}

/**
 * The local password, as the options want it.
 *
 * @throws {RdsiamError} `usage`, when nobody would get to know it; as {@linkcode localPasswordFrom} does
 */
export async function choosePassword(
  { localPasswordFile, quiet, json }: ProxyCommandOptions,
  listeners: readonly PlannedListener[],
): Promise<LocalPassword> {
  if (localPasswordFile !== undefined) {
    const secret = await localPasswordFrom(localPasswordFile);
    return { secret, isGenerated: false };
  }
  const isNeeded = listeners.some(({ needsPassword }) => needsPassword);
  if (isNeeded && quiet && !json) {
    throw new RdsiamError(
      "usage",
      "--quiet would hide the password that is generated",
      { hint: "Name a file for it with --local-password-file" },
    );
  }
  return { secret: generatePassword(), isGenerated: true };
}

/** How long a generated password is, in random bytes. */
const RANDOM_BYTES = 24;

/** The bits of a mode that let others than the owner in. */
const OTHERS = 0o077;

/**
 * The same for a file of root's: its group may read, as with libpq's keys (fe-secure-openssl.c), since that is how
 * Kubernetes hands a Secret to who is not root.
 */
const OTHERS_OF_ROOT = 0o037;

/** Makes a password that nobody guesses. */
export function generatePassword(): Secret {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  // Without the characters that URLs, shells and passfiles have their own ideas of.
  const text = btoa(String.fromCharCode(...bytes));
  return new Secret(text.replaceAll("+", "-").replaceAll("/", "_"));
}

/**
 * Reads the local password from its file, or writes a generated one there.
 *
 * @throws {RdsiamError} `usage`, when others can read the file, or its content is no password; `failed`, when it can be
 * neither read nor written
 */
export async function localPasswordFrom(path: string): Promise<Secret> {
  try {
    const text = await readOwn(path);
    if (text !== undefined) return checkPassword(text, path);
    const password = generatePassword();
    await Deno.writeTextFile(path, `${password.reveal()}\n`, {
      createNew: true,
      mode: 0o600,
    });
    return password;
  } catch (cause) {
    if (cause instanceof RdsiamError) throw cause;
    const why = errorMessage(cause);
    throw new RdsiamError(
      "failed",
      `File "${path}" of --local-password-file cannot be used: ${why}`,
      { cause },
    );
  }
}

async function readOwn(path: string): Promise<string | undefined> {
  try {
    const { mode, uid } = await Deno.stat(path);
    const others = uid === 0 ? OTHERS_OF_ROOT : OTHERS;
    if (mode !== null && Deno.build.os !== "windows" && mode & others) {
      throw new RdsiamError(
        "usage",
        `File "${path}" of --local-password-file can be read by others`,
        { hint: `Run chmod 600 ${path}` },
      );
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function checkPassword(text: string, path: string): Secret {
  const password = text.replace(/\r?\n$/, "");
  // Of other characters, clients make different bytes (SASLprep).
  if (/^[\x20-\x7e]+$/.test(password)) return new Secret(password);
  throw new RdsiamError(
    "usage",
    `File "${path}" of --local-password-file does not hold one line of ASCII`,
    { hint: "Remove it, and rdsiam writes a password there" },
  );
}
