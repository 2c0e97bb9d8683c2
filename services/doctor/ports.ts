import type { EngineName } from "../../core/engine/engine.ts";
import type { TargetWords } from "../../core/doctor/command.ts";
import type { StoredPasswords } from "../../core/doctor/judge/passwords.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type {
  Database,
  DatabaseSession,
} from "../../core/database/database.ts";
import type { EndpointProbe } from "../../core/database/probe.ts";
import type { Resolver } from "../../core/ports/resolver.ts";
import type { Trust } from "../../core/roots/trust.ts";
import type { GivenFields } from "../../core/target/fields.ts";
import type { Target } from "../../core/target/target.ts";
import type { LocalAddress } from "../tunnel/tunnels.ts";
import type { AuthToken } from "../../core/token/token.ts";

/** Whose login fails, in the words that remedies repeat. */
export interface DoctorRequest {
  /** How the target was named. */
  words: TargetWords;
  /** The system that this runs on: `linux`, `darwin`, `windows` … */
  os: string;
}

/** The target that was asked for. */
export interface ResolvedTarget {
  target: Target;
  /** What gave which field. */
  given: GivenFields;
  /** What it was read from, for people. */
  source: string;
  /** The options that name the administrator to `setup-db`; `undefined` where nothing does. */
  admin: readonly string[] | undefined;
}

/** The credentials that are found for a target. */
export interface FoundCredentials {
  /** What they come from, for people: `from SSO, profile "dev"`. */
  source: string;
  /** When they end, in milliseconds since the epoch; `undefined` when they do not say. */
  expiresAt: number | undefined;
}

/** A client program. */
export interface ClientProgram {
  path: string;
  /** Such as `psql (PostgreSQL) 15.20`. */
  version: string;
}

/** What an examination needs from outside. */
export interface DoctorPorts {
  clock: Clock;
  resolver: Resolver;
  probe(target: Target): EndpointProbe;
  /** @throws {RdsiamError} when the target cannot be used */
  readTarget(): Promise<ResolvedTarget>;
  /** @throws {RdsiamError} `credentials`, when there are none that work */
  findCredentials(target: Target): Promise<FoundCredentials>;
  /** @throws {RdsiamError} `credentials`, when no token can be signed */
  sign(target: Target): Promise<AuthToken>;
  /**
   * Whether AWS's own library makes the same token.
   *
   * @throws {RdsiamError} `credentials`, when there are none
   */
  isSignedAsByAws(target: Target): Promise<boolean>;
  aws(target: Target): Promise<AwsApis>;
  /** @throws {RdsiamError} `usage`, when the file of its roots cannot be read */
  trustOf(target: Target): Promise<Trust>;
  database(target: Target): Promise<Database>;
  /** Gives the near end of the target's tunnel, where it has one, to what connects to it once. */
  through<Value>(
    target: Target,
    use: (near: LocalAddress | undefined) => Promise<Value>,
  ): Promise<Value>;
  /** Logs in as the administrator, to look deeper; `undefined` where none is named. */
  logInAsAdmin(target: Target): Promise<DatabaseSession> | undefined;
  /** The engine's own client on this machine. */
  findClient(engine: EngineName): Promise<ClientProgram | undefined>;
  readPasswords(target: Target): Promise<StoredPasswords>;
}
