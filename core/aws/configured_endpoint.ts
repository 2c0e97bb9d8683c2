import { RdsiamError } from "../errors.ts";

/** Settings of a section, as the AWS files have them. */
type Settings = Readonly<Record<string, string | undefined>>;

/** What an endpoint may be configured in. */
export interface EndpointConfiguration {
  environment: Settings;
  /** The profile that is used. */
  profile: { name: string; settings: Settings };
  /** The `services` sections by name, the settings of a service as `rds.endpoint_url`. */
  services: Readonly<Record<string, Settings>>;
}

/**
 * The endpoint that is configured for a service (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"):
 * `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, the service's in the profile's `services` section, then the profile's
 * `endpoint_url`; none of them where `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` or the profile says so.
 *
 * @param service its id as the SDKs have it, such as `SSO OIDC`
 * @throws {RdsiamError} `credentials`, when the section that the profile names is not there
 */
export function configuredEndpoint(
  service: string,
  { environment, profile: { name, settings }, services }: EndpointConfiguration,
): string | undefined {
  const ignore = environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS ||
    settings.ignore_configured_endpoint_urls;
  if (ignore?.toLowerCase() === "true") return undefined;
  const id = service.toLowerCase().replaceAll(" ", "_");
  const variable = environment[`AWS_ENDPOINT_URL_${id.toUpperCase()}`] ||
    environment.AWS_ENDPOINT_URL;
  if (variable) return variable;
  if (settings.services === undefined) return settings.endpoint_url;
  const section = services[settings.services];
  if (section !== undefined) {
    return section[`${id}.endpoint_url`] ?? settings.endpoint_url;
  }
  throw new RdsiamError(
    "credentials",
    `Profile "${name}" names the services section "${settings.services}", which the AWS configuration does not have`,
    { hint: `Add [services ${settings.services}], or take services out of it` },
  );
}
