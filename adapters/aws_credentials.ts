import {
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from "@aws-sdk/credential-providers";
import type { Clock } from "../core/ports.ts";
import { TOKEN_LIFETIME_MS } from "../core/token/token.ts";
import { loadProfiles } from "./aws_config.ts";
import { explainCredentialsError, missingProfile } from "./aws_errors.ts";

/** Who signs: the part of a token request that credentials depend on. */
export interface Identity {
  /** AWS shared-config profile, when one is named. */
  profile?: string;
  /** Role to assume. */
  roleArn?: string;
  /** Region whose STS assumes the role. */
  region: string;
}

/** AWS credentials, as the SDK gives them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they end; permanent ones do not. */
  readonly expiration?: Date;
}

/** How long credentials without an end are kept before they are looked up again, in milliseconds. */
const RECHECK_MS = 60_000;

/** The SDK warns on the console by default. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

interface Entry {
  credentials?: Credentials;
  resolvedAt: number;
  pending?: Promise<Credentials>;
}

/**
 * Finds credentials through the SDK's provider chain and keeps them for as long as they outlive a whole token. The
 * chain itself is made anew for each look-up, since it would keep for ever what has no end.
 */
export class CredentialSource {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  /** Makes a source that has found nothing yet. */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Credentials that have not ended.
   *
   * @throws {RdsiamError} `credentials`, saying which kind failed and what to do
   */
  async get(identity: Identity): Promise<Credentials> {
    const { profile, roleArn, region } = identity;
    const key = JSON.stringify([profile, roleArn, roleArn && region]);
    const entry = this.#entries.get(key) ?? { resolvedAt: 0 };
    this.#entries.set(key, entry);
    const { credentials, resolvedAt } = entry;
    const now = this.#clock.now();
    if (credentials !== undefined) {
      const keepUntil = credentials.expiration === undefined
        ? resolvedAt + RECHECK_MS
        : credentials.expiration.getTime() - TOKEN_LIFETIME_MS;
      if (now < keepUntil) return credentials;
    }
    entry.pending ??= this.#resolve(entry, identity).finally(() => {
      delete entry.pending;
    });
    try {
      return await entry.pending;
    } catch (error) {
      const end = credentials?.expiration?.getTime();
      if (credentials !== undefined && end !== undefined && now < end) {
        return credentials;
      }
      throw error;
    }
  }

  async #resolve(entry: Entry, identity: Identity): Promise<Credentials> {
    const { profile } = identity;
    if (profile !== undefined) {
      const profiles = await loadProfiles();
      if (!(profile in profiles)) throw missingProfile(profile, profiles);
    }
    try {
      entry.credentials = await makeProvider(identity)();
      entry.resolvedAt = this.#clock.now();
      return entry.credentials;
    } catch (error) {
      throw explainCredentialsError(error, identity, await loadProfiles());
    }
  }
}

function makeProvider({ profile, roleArn, region }: Identity) {
  const chain = fromNodeProviderChain({
    ...(profile !== undefined && { profile }),
    ignoreCache: true,
    logger: SILENT,
  });
  if (roleArn === undefined) return chain;
  return fromTemporaryCredentials({
    masterCredentials: chain,
    params: { RoleArn: roleArn, RoleSessionName: "rdsiam" },
    clientConfig: { region },
    logger: SILENT,
  });
}
