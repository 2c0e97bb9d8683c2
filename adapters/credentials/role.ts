import { RdsiamError } from "../../core/errors.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import { explainFailure } from "./failure_rules.ts";
import type { LookUp } from "./look_up.ts";
import { keepRole, readRole, roleCachePath } from "./role_cache.ts";
import type { RoleParameters } from "./sdk_providers.ts";
import type { Profile } from "./shared_config.ts";

/**
 * Assumes a role as a profile describes it. One that wants an MFA code is asked for once in the life of its session, which the
 * AWS CLI keeps, too; whether there is anything to assume it with is found out before.
 *
 * @param source what it is assumed with
 * @param at the region whose STS is asked, and whose credentials these are, for errors
 */
export async function assume(
  settings: Profile,
  source: AccessKey | (() => Promise<AccessKey>),
  { region, whose }: { region: string; whose: string },
  lookUp: LookUp,
): Promise<AccessKey> {
  const { role_arn: role = "", mfa_serial } = settings;
  const path = mfa_serial === undefined
    ? undefined
    : roleCachePath(settings, lookUp.environment);
  const kept = path && await readRole(path, lookUp.clock.now());
  if (kept) return kept;
  const master = typeof source === "function" ? await source() : source;
  try {
    const { assumeRole } = await import("./sdk_providers.ts");
    const key = await assumeRole(
      master,
      parameters(settings),
      { region, endpoint: lookUp.endpoints.sts },
      (serial) => askMfaCode(serial, lookUp),
    );
    if (path) await keepRole(path, key);
    return key;
  } catch (error) {
    explainFailure({ kind: "role", whose, role }, error);
  }
}

function parameters(settings: Profile): RoleParameters {
  const { role_arn, external_id, mfa_serial, role_session_name } = settings;
  const seconds = Number.parseInt(settings.duration_seconds ?? "", 10);
  return {
    RoleArn: role_arn ?? "",
    RoleSessionName: role_session_name ?? "rdsiam",
    ...(external_id !== undefined && { ExternalId: external_id }),
    ...(mfa_serial !== undefined && { SerialNumber: mfa_serial }),
    ...(!Number.isNaN(seconds) && { DurationSeconds: seconds }),
  };
}

async function askMfaCode(
  serial: string,
  { profile, help }: LookUp,
): Promise<string> {
  const code = await help.askMfaCode?.(serial);
  if (code === undefined) {
    throw new RdsiamError(
      "credentials",
      `Profile "${profile}" needs an MFA code, and there is no terminal to ask for it`,
      {
        hint:
          `Run this in a terminal, which keeps the session: aws sts get-caller-identity --profile ${profile}`,
      },
    );
  }
  if (!/^\d{6}$/.test(code.reveal())) {
    throw new RdsiamError("credentials", "The MFA code is not valid", {
      hint: "Type the six digits that the device shows",
    });
  }
  return code.reveal();
}
