import { RdsiamError } from "../../core/errors.ts";
import type { Secret } from "../../core/secret.ts";
import type { PlannedDoor } from "./doors.ts";
import { generatePassword, localPasswordFrom } from "./local_password.ts";
import type { ProxyCommandOptions } from "./settings.ts";

/** The local password. */
export interface LocalPassword {
  secret: Secret;
  /** Whether it is for this run alone, so that somebody has yet to be told. */
  isGenerated: boolean;
}

/**
 * The local password, as the options want it.
 *
 * @throws {RdsiamError} `usage`, when nobody would get to know it; as {@linkcode localPasswordFrom} does
 */
export async function choosePassword(
  { localPasswordFile, quiet, json }: ProxyCommandOptions,
  doors: readonly PlannedDoor[],
): Promise<LocalPassword> {
  if (localPasswordFile !== undefined) {
    const secret = await localPasswordFrom(localPasswordFile);
    return { secret, isGenerated: false };
  }
  const isNeeded = doors.some(({ needsPassword }) => needsPassword);
  if (isNeeded && quiet && !json) {
    throw new RdsiamError(
      "usage",
      "--quiet would hide the password that is generated",
      { hint: "Name a file for it with --local-password-file" },
    );
  }
  return { secret: generatePassword(), isGenerated: true };
}
