import { RdsiamError } from "../../core/errors.ts";
import type { Secret } from "../../core/secret.ts";
import type { PlannedListener } from "./listeners.ts";
import { generatePassword, localPasswordFrom } from "./local_password.ts";
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
