import type { AccessKey } from "../../core/token/access_key.ts";
import { containerKey, instanceKey } from "./agents.ts";
import { environmentKey } from "./environment_key.ts";
import { missingProfile, noCredentials } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { beginLookUp, type LookUp, type Surroundings } from "./look_up.ts";
import { profileKey } from "./profile_key.ts";
import { assume } from "./role.ts";
import type { SignInHelp } from "./sign_in.ts";

/**
 * Looks credentials up in the AWS CLI's order: the environment's key, unless a profile is named; the profile; the agent of a
 * container; the metadata of an instance. A role that is given besides is assumed with what was found.
 *
 * @see botocore/credentials.py, `create_credential_resolver`
 * @throws {RdsiamError} `credentials`, saying which kind failed and what to do; a `SignInError` when signing in again is
 * what helps
 */
export async function resolveAccessKey(
  identity: Identity,
  surroundings: Surroundings,
  help: SignInHelp = {},
): Promise<AccessKey> {
  const lookUp = await beginLookUp(identity, surroundings, help);
  const key = await findKey(lookUp);
  const { roleArn, region } = identity;
  if (roleArn === undefined) return key;
  const { source = "" } = key;
  const assumed = await assume(
    { role_arn: roleArn },
    key,
    { region, whose: source },
    lookUp,
  );
  return { ...assumed, source: `role ${roleArn}, assumed from ${source}` };
}

async function findKey(lookUp: LookUp): Promise<AccessKey> {
  const { environment, profile, isNamed, identity, config, help } = lookUp;
  const own = identity.profile === undefined
    ? environmentKey(environment, help.warn)
    : undefined;
  if (own !== undefined) return own;
  if (isNamed && !Object.hasOwn(config.profiles, profile)) {
    throw missingProfile(profile, config.profiles);
  }
  const key = await profileKey(profile, lookUp) ??
    await containerKey(lookUp) ?? await instanceKey(lookUp);
  if (key !== undefined) return key;
  throw noCredentials(isNamed ? profile : undefined);
}
