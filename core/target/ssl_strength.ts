import { formatOrigin, type Given, isAmbient } from "./origin.ts";
import { SSL_MODES, type SslMode } from "../engine/login_target.ts";
import type { Target } from "./target.ts";

/** The mode where nothing is said. */
export const DEFAULT_SSL_MODE: SslMode = "verify-full";

/** What became of the SSL modes that several sources gave. */
export interface SslChoice {
  /** The one that counts; `undefined` for {@linkcode DEFAULT_SSL_MODE}. */
  chosen: Given | undefined;
  /** Those that are passed over because they would weaken the verification. */
  ignored: readonly Given[];
}

/**
 * Chooses among SSL modes: the first one wins that was said to rdsiam, by an option, a URL or its configuration. What is
 * set for libpq's programs at large, before it or where nothing was said, counts only where it is stronger.
 *
 * @param modes in the order of their sources, the one that wins over the others first; not yet checked
 */
export function chooseSslMode(modes: readonly Given[]): SslChoice {
  const said = modes.find(({ origin }) => !isAmbient(origin));
  const before = said === undefined
    ? modes
    : modes.slice(0, modes.indexOf(said));
  let chosen = said;
  const ignored: Given[] = [];
  for (const mode of before) {
    const needed = strength(chosen?.value ?? DEFAULT_SSL_MODE);
    const has = strength(mode.value);
    if (has < needed) ignored.push(mode);
    else if (has > needed || chosen === undefined) chosen = mode;
  }
  return { chosen, ignored };
}

/** How much a mode verifies; -1 for what lets a login go out in clear, or is none at all. */
function strength(mode: string): number {
  return SSL_MODES.findIndex((known) => known === mode);
}

/**
 * What of a target's server is not verified, in a sentence; `undefined` where all is.
 *
 * @param given what gave the mode
 */
export function describeWeakness(
  { host, sslmode, sslrootcert }: Pick<
    Target,
    "host" | "sslmode" | "sslrootcert"
  >,
  given: Given | undefined,
): string | undefined {
  if (sslmode === "verify-full") return undefined;
  const by = given === undefined ? "" : ` of ${formatOrigin(given.origin)}`;
  return sslmode === "require" && sslrootcert === undefined
    ? `Server "${host}" is not verified (sslmode ${sslmode}${by}): whoever controls the network can take its place`
    : `The name of server "${host}" is not checked (sslmode ${sslmode}${by}): another server of the same authorities can take its place`;
}
