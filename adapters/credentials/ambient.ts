import type { Environment, Identity } from "./identity.ts";
import type { Profiles } from "./source_profiles.ts";

/** Kinds of credentials that the environment names, for programs that nobody signs in for. */
export type AmbientKind = "web identity" | "container";

/** What is said of each. */
export const AMBIENT: Readonly<
  Record<AmbientKind, { whose: string; hint: string }>
> = {
  "web identity": {
    whose: "the web identity of AWS_WEB_IDENTITY_TOKEN_FILE",
    hint:
      "Check that the token is mounted, and that the role of AWS_ROLE_ARN trusts who issued it",
  },
  "container": {
    whose: "the container (AWS_CONTAINER_CREDENTIALS_*_URI)",
    hint:
      "Check the role of the task, or the pod identity of the service account, and its agent",
  },
};

/** What to do for each `credential_source` that a profile may name. */
export const SOURCE_HINTS: Readonly<Record<string, string>> = {
  Ec2InstanceMetadata:
    "Check that the instance has a role, and that its metadata can be reached from here",
  EcsContainer: AMBIENT.container.hint,
  Environment: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
};

/** Which of them the SDK came to, where no profile has credentials. */
export function ambientKind(
  { profile }: Identity,
  profiles: Profiles,
  environment: Environment,
): AmbientKind | undefined {
  if (profile !== undefined || Object.hasOwn(profiles, "default")) {
    return undefined;
  }
  const has = (name: string) => Boolean(environment[name]);
  if (has("AWS_WEB_IDENTITY_TOKEN_FILE") && has("AWS_ROLE_ARN")) {
    return "web identity";
  }
  return has("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
      has("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    ? "container"
    : undefined;
}

/** Why there are none, out of what the SDK's log says of its providers. */
export function tellingReason(reasons: readonly string[]): string | undefined {
  const reason = reasons.findLast((reason) =>
    /^(Error: connect|URL not accepted)/.test(reason)
  );
  return reason?.replace(/^Error: /, "")
    .replace(/^URL not accepted[^]*/, "its address is not one that AWS allows");
}

/** What the system says of a file that the SDK could not read. */
export function unreadableFile(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !("syscall" in cause)) return undefined;
  return cause.syscall === "open" || cause.syscall === "read"
    ? "the file of its token cannot be read"
    : undefined;
}
