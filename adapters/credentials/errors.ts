import { RdsiamError } from "../../core/errors.ts";
import { nearest } from "../../core/text/nearest.ts";
import type { Profile } from "./shared_config.ts";

/** The profiles of the shared files, by name. */
export type Profiles = Readonly<Record<string, Profile>>;

/** The error for a profile that neither shared file has. */
export function missingProfile(
  profile: string,
  profiles: Profiles,
): RdsiamError {
  const names = Object.keys(profiles);
  const near = nearest(profile, names);
  return new RdsiamError(
    "credentials",
    `AWS profile "${profile}" is not configured: neither the config nor the credentials file has it`,
    {
      hint: near !== undefined
        ? `Did you mean "${near}"?`
        : names.length > 0
        ? `Configured: ${names.join(", ")}`
        : `Run: aws configure --profile ${profile}`,
    },
  );
}

/** The error for a profile that is configured in a way that gives no credentials. */
export function brokenProfile(
  profile: string,
  why: string,
  hint = `Try: aws sts get-caller-identity --profile ${profile}`,
): RdsiamError {
  return new RdsiamError("credentials", `Profile "${profile}" ${why}`, {
    hint,
  });
}

/** The error where no kind of credentials is there at all. */
export function noCredentials(profile: string | undefined): RdsiamError {
  if (profile !== undefined) {
    return brokenProfile(profile, "gave no usable credentials");
  }
  return new RdsiamError("credentials", "No AWS credentials were found", {
    hint:
      "Set AWS_PROFILE or pass --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
  });
}

/** What is said of the kinds of credentials that the environment names, for programs that nobody signs in for. */
export const AMBIENT = {
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
} as const;

/** What to do for each `credential_source` that a profile may name. */
export const SOURCE_HINTS: Readonly<Record<string, string>> = {
  Ec2InstanceMetadata:
    "Check that the instance has a role, and that its metadata can be reached from here",
  EcsContainer: AMBIENT.container.hint,
  Environment: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
};
