import type { AccessKey } from "../token/access_key.ts";
import { sha256, signCanonicalRequest } from "../token/sigv4.ts";

/** A call of an AWS API that takes JSON by `POST /`. */
export interface JsonRequest {
  /** As it is signed for: `ssm`. */
  service: string;
  region: string;
  /** The endpoint's host, with its port where that is not the scheme's own. */
  host: string;
  /** The operation: `AmazonSSM.StartSession`. */
  target: string;
  body: string;
}

/**
 * The headers of a call, signed (AWS IAM User Guide, "Create a signed AWS API request").
 *
 * @param now milliseconds since the epoch
 */
export async function signedHeaders(
  { service, region, host, target, body }: JsonRequest,
  key: AccessKey,
  now: number,
): Promise<Record<string, string>> {
  const date = new Date(now).toISOString().replace(/\.\d+|[-:]/g, "");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const headers: Record<string, string> = {
    "content-type": "application/x-amz-json-1.1",
    host,
    "x-amz-date": date,
    ...(key.sessionToken !== undefined && {
      "x-amz-security-token": key.sessionToken.reveal(),
    }),
    "x-amz-target": target,
  };
  const names = Object.keys(headers).sort();
  const canonicalRequest = [
    "POST",
    "/",
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    await sha256(body),
  ].join("\n");
  const signature = await signCanonicalRequest(
    canonicalRequest,
    { date, scope },
    key.secret.reveal(),
  );
  const { host: _, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${key.id}/${scope}, ` +
      `SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
