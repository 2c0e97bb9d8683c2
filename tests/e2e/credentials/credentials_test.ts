import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import type { AccessKey } from "../../../core/token/access_key.ts";
import { verifyToken } from "../../../core/token/verify.ts";
import {
  type AwsRequest,
  EXPIRATION,
  logInToSso,
  metadataCredentials,
  startAwsServer,
  stsAnswer,
  stsError,
} from "../../adapters/credentials/aws_fixture.ts";
import { awsConfig } from "../aws_config.ts";
import { rdsiam, type Result } from "../rdsiam.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const ROLE = "arn:aws:iam::123456789012:role/app";
const KEYS =
  "[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = base-secret\n";
const TEMPORARY: AccessKey = {
  id: "ASIAIOSFODNN7EXAMPLE",
  secret: new Secret("hunter2"),
  sessionToken: new Secret("session-secret"),
};
const PERMANENT: AccessKey = {
  id: "AKIAIOSFODNN7EXAMPLE",
  secret: new Secret("base-secret"),
};
const IMDS = "/latest/meta-data/iam/security-credentials/";

/** One source of credentials, against servers that speak its protocol. */
interface Source {
  name: string;
  /** The configuration, given the home folder. */
  config: string | ((folder: string) => string);
  args?: readonly string[];
  /** The environment, given the server's address and the home folder. */
  env?: (url: string, folder: string) => Record<string, string | undefined>;
  /** Files of the home folder. */
  files?: (folder: string) => Promise<unknown>;
  answer?: (request: AwsRequest) => Response;
  /** Whose key the token must be signed with. */
  key: AccessKey;
  /** What --verbose says. */
  told: string;
}

/** Writes a program that prints such credentials. */
async function credentialProgram(folder: string) {
  const { id, secret, sessionToken } = TEMPORARY;
  const output = JSON.stringify({
    Version: 1,
    AccessKeyId: id,
    SecretAccessKey: secret.reveal(),
    SessionToken: sessionToken?.reveal(),
    Expiration: EXPIRATION,
  });
  const path = `${folder}/credential program`;
  await Deno.writeTextFile(path, `#!/bin/sh\necho '${output}'\n`);
  await Deno.chmod(path, 0o755);
}

function sts(request: AwsRequest): Response {
  return stsAnswer(request, TEMPORARY.id);
}

function sso({ path, headers, query }: AwsRequest): Response {
  const isRight = path === "/federation/credentials" &&
    headers.get("x-amz-sso_bearer_token") === "sso-bearer" &&
    query.get("role_name") === "Dev";
  if (!isRight) return new Response(null, { status: 404 });
  return Response.json({
    roleCredentials: {
      accessKeyId: TEMPORARY.id,
      secretAccessKey: "hunter2",
      sessionToken: "session-secret",
      expiration: Date.parse(EXPIRATION),
    },
  });
}

/** Refuses what does not carry the token of an agent. */
function agent({ headers, path }: AwsRequest): Response {
  return headers.get("authorization") === "agent-token" &&
      path === "/v1/credentials"
    ? metadataCredentials(TEMPORARY.id)
    : new Response(null, { status: 403 });
}

function imds({ method, path, headers }: AwsRequest): Response {
  if (method === "PUT" && path === "/latest/api/token") {
    return new Response("imds-token");
  }
  if (headers.get("x-aws-ec2-metadata-token") !== "imds-token") {
    return new Response(null, { status: 401 });
  }
  return path === IMDS
    ? new Response("instance-role")
    : metadataCredentials(TEMPORARY.id);
}

const SSO_PROFILE = "sso_account_id = 123456789012\nsso_role_name = Dev\n";
const UNTIL = ", until 2100-01-01T00:00:00.000Z";
const stsUrl = (url: string) => ({ AWS_ENDPOINT_URL_STS: url });

const SOURCES: Source[] = [{
  name: "the environment",
  config: "",
  env: () => ({
    AWS_ACCESS_KEY_ID: TEMPORARY.id,
    AWS_SECRET_ACCESS_KEY: "hunter2",
    AWS_SESSION_TOKEN: "session-secret",
  }),
  key: TEMPORARY,
  told: "the environment",
}, {
  name: "a permanent key of the shared files",
  config: KEYS,
  args: ["--profile", "base"],
  key: PERMANENT,
  told: 'the shared files, profile "base"',
}, {
  name: "credential_process",
  config: (folder) =>
    `[profile vault]\ncredential_process = "${folder}/credential program"\n`,
  args: ["--profile", "vault"],
  files: credentialProgram,
  key: TEMPORARY,
  told: `credential_process, profile "vault"${UNTIL}`,
}, {
  name: "a role",
  config: `${KEYS}[profile app]\nrole_arn = ${ROLE}\nsource_profile = base\n`,
  args: ["--profile", "app"],
  env: stsUrl,
  answer: sts,
  key: TEMPORARY,
  told: `role ${ROLE}, profile "app"${UNTIL}`,
}, {
  name: "--role-arn",
  config: KEYS,
  args: ["--profile", "base", "--role-arn", ROLE],
  env: stsUrl,
  answer: sts,
  key: TEMPORARY,
  told: `role ${ROLE}, assumed from the shared files, profile "base"${UNTIL}`,
}, {
  name: "a chain of roles that begins with a process",
  config: (folder) =>
    `[profile vault]\ncredential_process = "${folder}/credential program"\n` +
    `[profile middle]\nrole_arn = ${ROLE}-middle\nsource_profile = vault\n` +
    `[profile app]\nrole_arn = ${ROLE}\nsource_profile = middle\n`,
  args: ["--profile", "app"],
  files: credentialProgram,
  env: stsUrl,
  answer: sts,
  key: TEMPORARY,
  told: `role ${ROLE}, profile "app"${UNTIL}`,
}, {
  name: "a role by credential_source Environment",
  config:
    `[profile app]\nrole_arn = ${ROLE}\ncredential_source = Environment\n`,
  args: ["--profile", "app"],
  env: (url) => ({
    AWS_ACCESS_KEY_ID: PERMANENT.id,
    AWS_SECRET_ACCESS_KEY: "base-secret",
    ...stsUrl(url),
  }),
  answer: sts,
  key: TEMPORARY,
  told: `role ${ROLE}, profile "app"${UNTIL}`,
}, {
  name: "a role by credential_source Ec2InstanceMetadata",
  config:
    `[profile app]\nrole_arn = ${ROLE}\ncredential_source = Ec2InstanceMetadata\n`,
  args: ["--profile", "app"],
  env: (url) => ({
    AWS_EC2_METADATA_DISABLED: undefined,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
    ...stsUrl(url),
  }),
  answer: (request) =>
    request.form.has("Action") ? sts(request) : imds(request),
  key: TEMPORARY,
  told: `role ${ROLE}, profile "app"${UNTIL}`,
}, {
  name: "a role by credential_source EcsContainer",
  config:
    `[profile app]\nrole_arn = ${ROLE}\ncredential_source = EcsContainer\n`,
  args: ["--profile", "app"],
  env: (url) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "agent-token",
    ...stsUrl(url),
  }),
  answer: (request) =>
    request.form.has("Action") ? sts(request) : agent(request),
  key: TEMPORARY,
  told: `role ${ROLE}, profile "app"${UNTIL}`,
}, {
  name: "an SSO session",
  config:
    "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n" +
    `[profile dev]\nsso_session = corp\n${SSO_PROFILE}`,
  args: ["--profile", "dev"],
  files: (folder) => logInToSso({ folder }, EXPIRATION),
  env: (url) => ({ AWS_ENDPOINT_URL_SSO: url }),
  answer: sso,
  key: TEMPORARY,
  told: `SSO, profile "dev"${UNTIL}`,
}, {
  name: "SSO in its old form",
  config:
    `[profile dev]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n${SSO_PROFILE}`,
  args: ["--profile", "dev"],
  files: (folder) =>
    logInToSso({ folder }, EXPIRATION, "https://corp.awsapps.com/start"),
  env: (url) => ({ AWS_ENDPOINT_URL_SSO: url }),
  answer: sso,
  key: TEMPORARY,
  told: `SSO, profile "dev"${UNTIL}`,
}, {
  name: "a web identity",
  config: "",
  files: (folder) => Deno.writeTextFile(`${folder}/web-token`, "web.jwt"),
  env: (url, folder) => ({
    AWS_WEB_IDENTITY_TOKEN_FILE: `${folder}/web-token`,
    AWS_ROLE_ARN: ROLE,
    ...stsUrl(url),
  }),
  answer: (request) =>
    request.form.get("WebIdentityToken") === "web.jwt"
      ? sts(request)
      : stsError("InvalidIdentityToken", "No token"),
  key: TEMPORARY,
  told: `a web identity${UNTIL}`,
}, {
  name: "a container, with its token in a file, as EKS pod identity has it",
  config: "",
  files: (folder) => Deno.writeTextFile(`${folder}/agent`, "agent-token"),
  env: (url, folder) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/v1/credentials`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${folder}/agent`,
  }),
  answer: agent,
  key: TEMPORARY,
  told: `the container${UNTIL}`,
}, {
  name: "an instance, by IMDSv2",
  config: "",
  env: (url) => ({
    AWS_EC2_METADATA_DISABLED: undefined,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
  }),
  answer: imds,
  key: TEMPORARY,
  told: `the instance's metadata${UNTIL}`,
}];

for (
  const { name, config, args = [], env, files, answer, key, told } of SOURCES
) {
  Deno.test(`token signs with the credentials of ${name}`, async () => {
    await using server = startAwsServer(
      answer ?? (() => new Response(null, { status: 500 })),
    );
    await using aws = await awsConfig("");
    const { folder } = aws;
    await Deno.writeTextFile(
      `${folder}/config`,
      typeof config === "string" ? config : config(folder),
    );
    await files?.(folder);
    const result = await token([...args, "--verbose"], {
      ...aws.env,
      ...env?.(server.url, folder),
    });
    assert.equal(result.code, 0, result.stderr);
    await assertSignedBy(key, result.stdout);
    const { id } = key;
    assert.ok(
      result.stderr.includes(
        `credentials: ${id.slice(0, 4)}…${id.slice(-4)} from ${told}\n`,
      ),
      result.stderr,
    );
    for (
      const secret of [/hunter2/, /session-secret/, /base-secret/, /sso-b/]
    ) {
      assert.doesNotMatch(result.stderr, secret);
    }
  });
}

Deno.test("token warns of an end of credentials that is no date", async () => {
  const { code, stderr } = await token([], {
    AWS_CREDENTIAL_EXPIRATION: "tomorrow",
  });
  assert.deepEqual([code, stderr], [
    0,
    "warning: AWS_CREDENTIAL_EXPIRATION is not a date: when these credentials expire is unknown\n",
  ]);
});

function token(
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<Result> {
  return rdsiam(["token", "-h", HOST, "-U", "app", ...args], { env });
}

/** Asserts that RDS would take a token of this user. */
async function assertSignedBy(key: AccessKey, text: string) {
  const verdict = await verifyToken(text.trimEnd(), {
    host: HOST,
    port: 5432,
    region: "eu-west-1",
    username: "app",
    accessKeys: [key],
  }, Date.now());
  assert.ok(verdict.ok, verdict.ok ? "" : verdict.reason);
}
