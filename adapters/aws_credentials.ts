import { RdsiamError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import { Secret } from "../core/secret.ts";
import type { AccessKey } from "../core/token/access_key.ts";
import { TOKEN_LIFETIME_MS } from "../core/token/token.ts";

/** Who signs: the part of a token request that credentials depend on. */
export interface Identity {
  /** AWS shared-config profile, when one is named. */
  profile?: string;
  /** Role to assume. */
  roleArn?: string;
  /** Region whose STS assumes the role. */
  region: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How long credentials without an end are kept before they are looked up again, in milliseconds. */
const RECHECK_MS = 60_000;

interface Entry {
  key?: AccessKey;
  resolvedAt: number;
  pending?: Promise<AccessKey>;
}

/** Finds credentials and keeps them for as long as they outlive a whole token, one look-up at a time for each identity. */
export class CredentialSource {
  readonly #clock: Clock;
  readonly #environment: Environment;
  readonly #entries = new Map<string, Entry>();

  /** Makes a source that has found nothing yet. */
  constructor(clock: Clock, environment: Environment) {
    this.#clock = clock;
    this.#environment = environment;
  }

  /**
   * Credentials for an identity.
   *
   * @throws {RdsiamError} `credentials`, saying which kind failed and what to do
   */
  async get(identity: Identity): Promise<AccessKey> {
    const { profile, roleArn, region } = identity;
    const id = JSON.stringify([profile, roleArn, roleArn && region]);
    const entry = this.#entries.get(id) ?? { resolvedAt: 0 };
    this.#entries.set(id, entry);
    const { key } = entry;
    if (
      key !== undefined &&
      this.#clock.now() < keepUntil(key, entry.resolvedAt)
    ) return key;
    entry.pending ??= this.#resolve(entry, identity).finally(() => {
      delete entry.pending;
    });
    try {
      return await entry.pending;
    } catch (error) {
      // Asked again: it may have ended while the look-up took its time.
      const isStillGood = key?.expiresAt !== undefined &&
        this.#clock.now() < key.expiresAt;
      if (isStillGood) return key;
      throw error;
    }
  }

  async #resolve(entry: Entry, identity: Identity): Promise<AccessKey> {
    entry.key = environmentKey(identity, this.#environment) ??
      await resolveThroughSdk(identity);
    entry.resolvedAt = this.#clock.now();
    return entry.key;
  }
}

function keepUntil(key: AccessKey, resolvedAt: number): number {
  return key.expiresAt === undefined
    ? resolvedAt + RECHECK_MS
    : key.expiresAt - TOKEN_LIFETIME_MS;
}

/**
 * The key in `AWS_ACCESS_KEY_ID` and its companions, which come first in the SDK's chain too unless a profile is named.
 * Read here since loading the SDK takes longer than all the rest of a call.
 */
function environmentKey(
  { profile, roleArn }: Identity,
  environment: Environment,
): AccessKey | undefined {
  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CREDENTIAL_EXPIRATION: expiration,
  } = environment;
  if (profile !== undefined || roleArn !== undefined || !(id || secret)) {
    return undefined;
  }
  if (!id || !secret) {
    const [there, missing] = id
      ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
      : ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"];
    throw new RdsiamError(
      "credentials",
      `${missing} is missing: ${there} stands alone in the environment`,
      { hint: `Set ${missing} too, or unset ${there}` },
    );
  }
  const expiresAt = expiration ? Date.parse(expiration) : NaN;
  return {
    id,
    secret: new Secret(secret),
    ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    ...(!Number.isNaN(expiresAt) && { expiresAt }),
  };
}

async function resolveThroughSdk(identity: Identity): Promise<AccessKey> {
  const { resolveAccessKey } = await import("./aws_provider_chain.ts");
  return await resolveAccessKey(identity);
}
