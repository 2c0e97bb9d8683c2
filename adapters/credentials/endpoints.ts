import { configuredEndpoint } from "../../core/aws/configured_endpoint.ts";
import { loadSharedConfig } from "./shared_config.ts";

/** What makes an SDK client call the right endpoint. */
export interface EndpointSettings {
  endpoint?: string;
  ignoreConfiguredEndpointUrls?: true;
}

/**
 * The endpoint of a service as a profile's caller has it. The SDK reads `endpoint_url` of the profile that `AWS_PROFILE`
 * names, whichever is used: it is left to do so where that is the same one, and told the endpoint where it is not.
 *
 * @throws {RdsiamError} `credentials`, when the configuration contradicts itself
 */
export async function endpointSettings(
  service: string,
  profile: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = Deno.env
    .toObject(),
): Promise<EndpointSettings> {
  if (profile === undefined) return {};
  if (profile === (environment.AWS_PROFILE || "default")) return {};
  const { profiles, services } = await loadSharedConfig();
  const endpoint = configuredEndpoint(service, {
    environment,
    profile: { name: profile, settings: profiles[profile] ?? {} },
    services,
  });
  return {
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint !== undefined && { endpoint }),
  };
}
