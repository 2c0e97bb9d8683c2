import { configuredEndpoint } from "../../core/aws/configured_endpoint.ts";
import type { Environment } from "./identity.ts";
import { ambientProfile, loadSharedConfig } from "./shared_config.ts";

/** What makes an SDK client call the right endpoint. */
export interface EndpointSettings {
  endpoint?: string;
  ignoreConfiguredEndpointUrls: true;
}

/**
 * The endpoint that is configured for a service where a profile is used; without one, that of the environment's profile is.
 *
 * @throws {RdsiamError} `credentials`, when the configuration contradicts itself
 */
export async function profileEndpoint(
  service: string,
  profile: string | undefined,
  environment: Environment,
): Promise<string | undefined> {
  const { profiles, services } = await loadSharedConfig(environment);
  const name = profile ?? ambientProfile(environment) ?? "default";
  return configuredEndpoint(service, {
    environment,
    profile: { name, settings: profiles[name] ?? {} },
    services,
  });
}

/**
 * The endpoint of a service as a profile's caller has it. The SDK reads `endpoint_url` of the profile that `AWS_PROFILE`
 * names, whichever is used, and so it is told.
 *
 * @throws {RdsiamError} `credentials`, when the configuration contradicts itself
 */
export async function endpointSettings(
  service: string,
  profile: string | undefined,
  environment: Environment,
): Promise<EndpointSettings> {
  const endpoint = await profileEndpoint(service, profile, environment);
  return {
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint !== undefined && { endpoint }),
  };
}
