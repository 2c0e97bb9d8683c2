import type { Clock } from "../../core/ports/clock.ts";
import { within } from "../../core/ports/within.ts";
import {
  fromNodeProviderChain,
  fromTemporaryCredentials,
} from "@aws-sdk/credential-providers";
import type { EndpointSettings } from "./endpoints.ts";
import { SILENT, USER_AGENT } from "./sdk_settings.ts";

/** Keys as the SDK has them. */
export type SdkCredentials = Awaited<
  ReturnType<ReturnType<typeof fromNodeProviderChain>>
>;

/** How STS and SSO are called: no service is waited for long, and one look-up tries each at most twice. */
const SERVICE_OPTIONS = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    throwOnRequestTimeout: true,
  },
  ...USER_AGENT,
};

/** What the chain is told. */
export interface ChainOptions {
  clock: Clock;
  /** The profile; without one, all kinds of credentials are tried. */
  profile?: string | undefined;
  /** Region whose STS assumes roles. */
  region: string;
  /** Gives the code of an MFA device. */
  mfaCode: (serial: string) => Promise<string>;
  /** Hears why providers have none. */
  onReason: (reason: string) => void;
  /** Where the profile has STS, which assumes roles, and SSO. */
  endpoints: { sts: EndpointSettings; sso: EndpointSettings };
  /** Region whose STS assumes the profile's role, where it names one. */
  profileRegion: string | undefined;
  /** How long it may take for all, in milliseconds: a container's agent would be waited for without end. */
  deadlineMs: number | undefined;
}

/**
 * Looks credentials up through the SDK's provider chain: profiles, SSO, processes, web identity, containers, instance
 * metadata. The chain is made anew each time, since it would keep for ever what has no end.
 */
export async function askChain(options: ChainOptions): Promise<SdkCredentials> {
  const { profile, region, mfaCode, onReason, deadlineMs, endpoints } = options;
  const logger = listeningLogger(onReason);
  const sts = {
    ...SERVICE_OPTIONS,
    ...endpoints.sts,
    credentialProviderLogger: logger,
  };
  const chain = fromNodeProviderChain({
    ...(profile !== undefined && { profile }),
    ignoreCache: true,
    logger,
    async roleAssumer(source, params) {
      const { getDefaultRoleAssumer } = await import("@aws-sdk/client-sts");
      const own = { ...sts, region: options.profileRegion ?? region };
      return await getDefaultRoleAssumer(own)(source, params);
    },
    async roleAssumerWithWebIdentity(params) {
      const { getDefaultRoleAssumerWithWebIdentity } = await import(
        "@aws-sdk/client-sts"
      );
      const own = { ...sts, region };
      return await getDefaultRoleAssumerWithWebIdentity(own)(params);
    },
    mfaCodeProvider: mfaCode,
    // For the STS of a profile that names no region: else it is us-east-1, which no other partition knows, and a
    // warning on the console.
    parentClientConfig: { region },
    clientConfig: { ...SERVICE_OPTIONS, ...endpoints.sso },
  });
  return deadlineMs === undefined
    ? await chain()
    : await within(options.clock, deadlineMs, tooLong, () => chain());
}

/** What assuming a role takes. */
export type RoleParameters = Parameters<
  typeof fromTemporaryCredentials
>[0]["params"];

/** Assumes a role with other credentials. */
export async function assumeRole(
  source: SdkCredentials,
  params: RoleParameters,
  { region, mfaCode, endpoints }: Pick<
    ChainOptions,
    "region" | "mfaCode" | "endpoints"
  >,
): Promise<SdkCredentials> {
  return await fromTemporaryCredentials({
    masterCredentials: source,
    params,
    mfaCodeProvider: mfaCode,
    clientConfig: { ...SERVICE_OPTIONS, ...endpoints.sts, region },
    logger: SILENT,
  })();
}

/** The SDK warns on the console by default, and drops why each of its providers failed. */
function listeningLogger(onReason: (reason: string) => void) {
  return {
    ...SILENT,
    debug(text: unknown) {
      const reason = /^@smithy\/property-provider \S+ (.*)$/s.exec(`${text}`);
      if (reason?.[1] !== undefined) onReason(reason[1]);
    },
  };
}

function tooLong(): Error {
  return new DOMException("The look-up took too long", "TimeoutError");
}
