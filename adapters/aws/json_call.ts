import { serviceHost } from "../../core/aws/service_host.ts";
import { signedHeaders } from "../../core/aws/signed_post.ts";
import { profileEndpoint } from "../credentials/endpoints.ts";
import { awsCall } from "./call.ts";
import type { AwsCaller } from "./client_config.ts";

/** A call of an AWS API that takes JSON, and of which the SDK's client would be too much to carry. */
export interface JsonCall {
  /** As it is signed for, and in its endpoint's name: `ssm`. */
  service: string;
  /** The operation: `AmazonSSM.StartSession`. */
  target: string;
  /** As IAM policies name it: `ssm:StartSession`. */
  action: string;
  region: string;
  input: object;
  signal: AbortSignal | undefined;
}

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** How often a call is made that AWS is too busy for. */
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 300;

/**
 * Makes a call. What AWS is too busy for is asked again.
 *
 * @returns the answer's JSON
 * @throws {AwsCallError} when it is refused, or AWS does not answer
 */
export async function jsonCall(
  { credentials, identity }: AwsCaller,
  call: JsonCall,
): Promise<unknown> {
  const { service, region, target, signal } = call;
  const url = await endpointOf({ credentials, identity }, service, region);
  const body = JSON.stringify(call.input);
  return await awsCall(call, async () => {
    for (let attempt = 1;; attempt++) {
      const headers = await signedHeaders(
        { service, region, host: url.host, target, body },
        await credentials.get({ ...identity, region }),
        credentials.clock.now(),
      );
      const over = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, {
        method: "POST",
        headers,
        body,
        redirect: "error",
        signal: signal === undefined ? over : AbortSignal.any([over, signal]),
      });
      const text = await response.text();
      const answer = readAnswer(text);
      if (response.ok && answer !== undefined) return answer;
      const error = readError(response, answer);
      const isBusy = response.status >= 500 ||
        /Throttl|TooMany/.test(error.name);
      if (!isBusy || attempt === ATTEMPTS) throw error;
      const wait = FIRST_WAIT_MS * 2 ** (attempt - 1);
      await credentials.clock.sleep(wait, signal);
    }
  });
}

/** The endpoint that is configured, else AWS's own. */
async function endpointOf(
  { credentials: { environment }, identity: { profile } }: AwsCaller,
  service: string,
  region: string,
): Promise<URL> {
  const configured = await profileEndpoint(service, profile, environment);
  const isFips = environment.AWS_USE_FIPS_ENDPOINT === "true";
  const name = isFips ? `${service}-fips` : service;
  return new URL(configured || `https://${serviceHost(name, region)}`);
}

/** What an answer says; `undefined` for the page of a load balancer or of a network. */
function readAnswer(text: string): Record<string, unknown> | undefined {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error in the SDK's shape, which {@linkcode awsCall} explains. */
function readError(
  response: Response,
  content: { __type?: string; message?: string; Message?: string } = {},
): Error {
  const error = new Error(content.message ?? content.Message ?? "");
  error.name = content.__type?.replace(/^.*#/, "") ?? "Unknown";
  return Object.assign(error, {
    $response: {
      statusCode: response.status,
      headers: Object.fromEntries(response.headers),
    },
  });
}
