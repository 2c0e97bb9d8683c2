import type { Clock } from "../../core/ports/clock.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import { TOKEN_LIFETIME_MS } from "../../core/token/token.ts";
import { environmentKey } from "./environment_key.ts";
import type { Environment, Identity } from "./identity.ts";
import type { Surroundings } from "./look_up.ts";
import type { SignInHelp } from "./sign_in.ts";
import type { Signer } from "../../core/token/signer.ts";
import { signToken } from "../../core/token/sign.ts";

/** How long credentials without an end are kept before they are looked up again, in milliseconds. */
const RECHECK_MS = 60_000;

interface Entry {
  key?: AccessKey;
  resolvedAt: number;
  pending?: Promise<AccessKey>;
}

/** Finds credentials and keeps them for as long as they outlive a whole token, one look-up at a time for each identity. */
export class CredentialSource {
  readonly #surroundings: Surroundings;
  readonly #help: SignInHelp;
  readonly #entries = new Map<string, Entry>();

  /** Makes a source that has found nothing yet. */
  constructor(clock: Clock, environment: Environment, help: SignInHelp = {}) {
    this.#surroundings = { environment, clock };
    this.#help = help;
  }

  /** What tells the time. */
  get clock(): Clock {
    return this.#surroundings.clock;
  }

  /** The environment that they are looked up in. */
  get environment(): Environment {
    return this.#surroundings.environment;
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
      this.#surroundings.clock.now() < keepUntil(key, entry.resolvedAt)
    ) return key;
    entry.pending ??= this.#resolve(entry, identity).finally(() => {
      delete entry.pending;
    });
    try {
      return await entry.pending;
    } catch (error) {
      // Asked again: it may have ended while the look-up took its time.
      const isStillGood = key?.expiresAt !== undefined &&
        this.#surroundings.clock.now() < key.expiresAt;
      if (isStillGood) return key;
      throw error;
    }
  }

  async #resolve(entry: Entry, identity: Identity): Promise<AccessKey> {
    const isFirst = entry.key === undefined;
    const { environment, clock } = this.#surroundings;
    const { profile, roleArn } = identity;
    const isPlain = profile === undefined && roleArn === undefined;
    // Read here, since loading all the rest takes longer than the rest of a call.
    const own = isPlain && environmentKey(
      environment,
      (message) => this.#help.warn?.(message),
    );
    entry.key = own ||
      // Later the terminal may be another program's, or nobody sits there.
      await lookUp(identity, this.#surroundings, isFirst ? this.#help : {});
    entry.resolvedAt = clock.now();
    this.#help.detail?.(describeKey(entry.key));
    return entry.key;
  }
}

function keepUntil(key: AccessKey, resolvedAt: number): number {
  return key.expiresAt === undefined
    ? resolvedAt + RECHECK_MS
    : key.expiresAt - TOKEN_LIFETIME_MS;
}

async function lookUp(
  identity: Identity,
  surroundings: Surroundings,
  help: SignInHelp,
): Promise<AccessKey> {
  const { resolveAccessKey } = await import("./provider_chain.ts");
  try {
    return await resolveAccessKey(identity, surroundings, help);
  } catch (error) {
    const { SignInError } = await import("./sign_in.ts");
    if (!(error instanceof SignInError) || help.signIn === undefined) {
      throw error;
    }
    await help.signIn(error.command);
    return await resolveAccessKey(identity, surroundings, help);
  }
}

/** Says whose a key is. Its id is no secret, and yet nobody's business in a support ticket. */
function describeKey({ id, source, expiresAt }: AccessKey): string {
  const end = expiresAt === undefined
    ? ""
    : `, until ${new Date(expiresAt).toISOString()}`;
  return `credentials: ${id.slice(0, 4)}…${id.slice(-4)} from ${source}${end}`;
}

/** Makes the signer that uses the AWS credentials of the environment and the profiles. */
export function createAwsSigner(
  clock: Clock,
  environment: Readonly<Record<string, string | undefined>>,
  help: SignInHelp = {},
): Signer {
  return signWith(new CredentialSource(clock, environment, help), clock);
}

/** Makes the signer that uses these credentials. */
export function signWith(credentials: CredentialSource, clock: Clock): Signer {
  return {
    async sign(request) {
      const key = await credentials.get(request);
      return await signToken(request, key, clock.now());
    },
  };
}
