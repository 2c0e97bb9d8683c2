import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { Secret } from "../../core/secret.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import type { Profile } from "./shared_config.ts";
import { replaceFile } from "../files/replace_file.ts";

/** Keys that end sooner are as none: the SDK counts them as expired, too. */
const SHORTEST_LIFE_MS = 300_000;

/**
 * Where the AWS CLI keeps the session of a profile's role: the same file is read and written here, so that a code typed
 * for one is typed for both.
 *
 * @returns `undefined` without a home, or when the profile has no role
 * @see botocore/credentials.py, `BaseAssumeRoleCredentialFetcher._create_cache_key`
 */
export function roleCachePath(
  profile: Profile,
  { HOME, USERPROFILE }: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const home = HOME || USERPROFILE;
  const { role_arn, external_id, mfa_serial, role_session_name } = profile;
  if (!home || role_arn === undefined) return undefined;
  const seconds = Number.parseInt(profile.duration_seconds ?? "", 10);
  const fields = {
    ...(!Number.isNaN(seconds) && { DurationSeconds: seconds }),
    ...(external_id !== undefined && { ExternalId: external_id }),
    RoleArn: role_arn,
    ...(role_session_name !== undefined && {
      RoleSessionName: role_session_name,
    }),
    ...(mfa_serial !== undefined && { SerialNumber: mfa_serial }),
  };
  const name = createHash("sha1").update(pythonJson(fields)).digest("hex");
  return join(home, ".aws/cli/cache", `${name}.json`);
}

/** The session that is kept there, when it lasts a while yet. */
export async function readRole(
  path: string,
  now: number,
): Promise<AccessKey | undefined> {
  try {
    const { Credentials } = JSON.parse(await Deno.readTextFile(path));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } =
      Credentials;
    // botocore writes 2026-01-15T12:34:56UTC.
    const expiresAt = Date.parse(Expiration.replace(/UTC$/, "Z"));
    const isWhole = [AccessKeyId, SecretAccessKey, SessionToken]
      .every((text) => typeof text === "string" && text !== "");
    if (!isWhole || !(expiresAt - now >= SHORTEST_LIFE_MS)) return undefined;
    return {
      id: AccessKeyId,
      secret: new Secret(SecretAccessKey),
      sessionToken: new Secret(SessionToken),
      expiresAt,
    };
  } catch {
    return undefined;
  }
}

/** Keeps a session as the AWS CLI does. Where that fails, the next call asks again. */
export async function keepRole(path: string, key: AccessKey): Promise<void> {
  const { id, secret, sessionToken, expiresAt } = key;
  if (sessionToken === undefined || expiresAt === undefined) return;
  const answer = {
    Credentials: {
      AccessKeyId: id,
      SecretAccessKey: secret.reveal(),
      SessionToken: sessionToken.reveal(),
      Expiration: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, "Z"),
    },
  };
  try {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replaceFile(path, JSON.stringify(answer));
  } catch {
    // As on a read-only home.
  }
}

/** The JSON of Python's `json.dumps(…, sort_keys=True)`, for fields that stand in order. */
function pythonJson(fields: Readonly<Record<string, string | number>>): string {
  const members = Object.entries(fields).map(([name, value]) =>
    `${JSON.stringify(name)}: ${JSON.stringify(value)}`
  );
  return `{${members.join(", ")}}`.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
