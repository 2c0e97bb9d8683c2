import type { ErrorKind } from "../errors.ts";

/** Every link of the chain from the configuration to a session, in the order that they are reported. */
export const CHECKS = [
  "configuration",
  "credentials",
  "identity",
  "region",
  "clock",
  "signature",
  "endpoint",
  "tunnel",
  "dns",
  "tcp",
  "tls",
  "database",
  "policy",
  "login",
  "role",
  "access",
  "psql",
  "client",
  "passwords",
] as const;

/** The name of one link. */
export type CheckName = typeof CHECKS[number];

/**
 * What shows that something is wrong, and may have its cause in another link: AWS takes no signature, no address, no
 * connection, a certificate that is not trusted, and the three ways that a database refuses a login. `token`: the role
 * is in `rds_iam`, and its token was refused. `password`: the token was taken for a password.
 */
export type Symptom =
  | "signature"
  | "dns"
  | "tcp"
  | "tls"
  | "token"
  | "password"
  | "refused";

/** How a link was found, once everything is known. */
export type Result =
  | { status: "ok"; detail: string }
  /** Not as it should be, and not what stands in the way. */
  | { status: "warning"; detail: string; remedy?: string | undefined }
  | Failure
  /**
   * Not looked into, for want of the link that it needs, or a consequence of what another link's failure explains; not
   * reported where there is no such link.
   */
  | {
    status: "skipped";
    detail: string;
    needs?: CheckName;
    isMissing?: true;
  };

/** One link of the chain, and how it was found. */
export type CheckResult = Result & { check: CheckName };

/** What stands in the way of a login. */
export interface Failure {
  status: "failed";
  /** What the exit code follows from. */
  kind: ErrorKind;
  /** What is wrong, in one line. */
  detail: string;
  /** What to type, or to do. */
  remedy?: string | undefined;
}

/** What one link shows by itself, before the others are held against it. */
export type Finding =
  | Exclude<Result, Failure>
  | (Failure & {
    /** What this shows by, where another link may be the cause. */
    symptom?: Symptom | undefined;
    /** What it is the cause of, where that shows. */
    explains?: readonly Symptom[];
  })
  | Suspect;

/** What looks wrong: the cause, if one of the symptoms that it explains shows; acquitted by a login that works. */
export interface Suspect extends Omit<Failure, "status"> {
  status: "suspect";
  explains: readonly Symptom[];
}

/** The findings of an examination. */
export type Findings = Readonly<Record<CheckName, Finding>>;

/** The results of an examination. */
export type Results = Readonly<Record<CheckName, Result>>;
