import type { Clock } from "../../core/ports/clock.ts";
import { type EndpointSettings, endpointSettings } from "./endpoints.ts";
import type { Environment, Identity } from "./identity.ts";
import {
  ambientProfile,
  loadSharedConfig,
  type SharedConfig,
} from "./shared_config.ts";
import type { SignInHelp } from "./sign_in.ts";

/** Where credentials are looked up. */
export interface Surroundings {
  /** The environment; the SDK reads the process's own where an agent is asked. */
  environment: Environment;
  clock: Clock;
}

/** One look-up of credentials. */
export interface LookUp extends Surroundings {
  identity: Identity;
  /** The profile that is used, named or not. */
  profile: string;
  /** Whether that profile was named, here or in the environment. */
  isNamed: boolean;
  config: SharedConfig;
  /** Where that profile has STS, which assumes roles, and SSO. */
  endpoints: { sts: EndpointSettings; sso: EndpointSettings };
  help: SignInHelp;
}

/** Begins a look-up: reads the files. */
export async function beginLookUp(
  identity: Identity,
  { environment, clock }: Surroundings,
  help: SignInHelp,
): Promise<LookUp> {
  const named = identity.profile ?? ambientProfile(environment);
  const profile = named ?? "default";
  return {
    environment,
    clock,
    identity,
    profile,
    isNamed: named !== undefined,
    config: await loadSharedConfig(environment),
    endpoints: {
      sts: await endpointSettings("STS", profile, environment),
      sso: await endpointSettings("SSO", profile, environment),
    },
    help,
  };
}
