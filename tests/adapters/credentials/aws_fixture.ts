import { createHash } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import type { Identity } from "../../../adapters/credentials/identity.ts";
import { resolveAccessKey } from "../../../adapters/credentials/provider_chain.ts";
import type { SignInHelp } from "../../../adapters/credentials/sign_in.ts";
import { systemClock } from "../../../adapters/process/clock.ts";
import type { AccessKey } from "../../../core/token/access_key.ts";
import { temporaryFolder, withEnvironment } from "../temporary_folder.ts";

/** When the credentials of the servers here end. */
export const EXPIRATION = "2100-01-01T00:00:00Z";

/** What must never be in a message. */
export const SECRETS = ["hunter2", "session-secret", "sso-bearer", "web.jwt"];

/** An AWS configuration in a folder of its own, which `process.env` points to. */
export interface AwsSetup extends AsyncDisposable {
  /** The folder, which is also the home. */
  folder: string;
  /** What a program in its place is started with. */
  environment: Record<string, string>;
}

/** Writes an AWS configuration and points `process.env` to it and to no other credentials, until it is disposed of. */
export async function setUpAws(
  config: string,
  variables: Record<string, string | undefined> = {},
): Promise<AwsSetup> {
  const folder = await temporaryFolder();
  const set = Object.keys(process.env)
    .filter((name) => name.startsWith("AWS_"));
  const environment = withEnvironment({
    ...Object.fromEntries(set.map((name) => [name, undefined])),
    HOME: folder.path,
    AWS_CONFIG_FILE: join(folder.path, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder.path, "credentials"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: undefined,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: undefined,
    AWS_ENDPOINT_URL_SSO: undefined,
    AWS_ENDPOINT_URL_STS: undefined,
    AWS_ROLE_ARN: undefined,
    AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
    ...variables,
  });
  await Deno.writeTextFile(join(folder.path, "config"), config);
  return {
    folder: folder.path,
    environment: { ...process.env } as Record<string, string>,
    async [Symbol.asyncDispose]() {
      environment[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Looks credentials up by the configuration that was written last. */
export async function lookUp(
  identity: Partial<Identity> = {},
  help?: SignInHelp,
  environment: Record<string, string | undefined> = process.env,
): Promise<AccessKey> {
  using _ = withEnvironment(environment); // agents are asked by the SDK
  const surroundings = { environment, clock: systemClock };
  return await resolveAccessKey(
    { region: "eu-west-1", ...identity },
    surroundings,
    help,
  );
}

/** Writes what `aws sso login` leaves for the session `corp`, or for the start URL of a profile that has none. */
export async function logInToSso(
  { folder }: Pick<AwsSetup, "folder">,
  expiresAt: string,
  session = "corp",
): Promise<void> {
  const cache = join(folder, ".aws", "sso", "cache");
  const name = createHash("sha1").update(session).digest("hex");
  await Deno.mkdir(cache, { recursive: true });
  await Deno.writeTextFile(
    join(cache, `${name}.json`),
    JSON.stringify({ accessToken: "sso-bearer", expiresAt }),
  );
}

/** A request that a server here got. */
export interface AwsRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  headers: Headers;
}

/** An HTTP server that stands for an AWS service. */
export interface AwsServer extends AsyncDisposable {
  url: string;
  requests: AwsRequest[];
}

/** Starts a server with these answers. */
export function startAwsServer(
  answer: (request: AwsRequest) => Response,
): AwsServer {
  const requests: AwsRequest[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (raw) => {
      const { pathname: path, searchParams: query } = new URL(raw.url);
      const form = new URLSearchParams(await raw.text());
      const { method, headers } = raw;
      const request = { method, path, query, form, headers };
      requests.push(request);
      return answer(request);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Answers AssumeRole and AssumeRoleWithWebIdentity as STS does, with a key of this id that ends then. */
export function stsAnswer(
  { form }: AwsRequest,
  id = "ASIAROLE",
  expiration = EXPIRATION,
): Response {
  const action = form.get("Action");
  return xml(
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>
      <AccessKeyId>${id}</AccessKeyId><SecretAccessKey>hunter2</SecretAccessKey>
      <SessionToken>session-secret</SessionToken><Expiration>${expiration}</Expiration>
    </Credentials></${action}Result></${action}Response>`,
    200,
  );
}

/** Refuses as STS does. */
export function stsError(code: string, message: string): Response {
  return xml(
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
      <Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
    403,
  );
}

/** Credentials as containers and instances get them. */
export function metadataCredentials(id: string): Response {
  return Response.json({
    Code: "Success",
    Type: "AWS-HMAC",
    LastUpdated: "2026-01-15T12:00:00Z",
    AccessKeyId: id,
    SecretAccessKey: "hunter2",
    Token: "session-secret",
    Expiration: EXPIRATION,
  });
}

/** The address of a server that does not run. */
export function deadUrl(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `http://127.0.0.1:${listener.addr.port}`;
}

function xml(body: string, status: number): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "text/xml" },
  });
}
