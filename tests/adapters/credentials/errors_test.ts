import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { inspect } from "node:util";
import { missingProfile } from "../../../adapters/credentials/errors.ts";
import { explainFailure } from "../../../adapters/credentials/failure_rules.ts";
import type { Identity } from "../../../adapters/credentials/identity.ts";
import type { SignInHelp } from "../../../adapters/credentials/sign_in.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { Secret } from "../../../core/secret.ts";
import { assertRdsiamError } from "../../rdsiam_error.ts";
import {
  type AwsSetup,
  deadUrl,
  EXPIRATION,
  logInToSso,
  lookUp,
  SECRETS,
  setUpAws,
  startAwsServer,
  stsError,
} from "./aws_fixture.ts";

const ROLE = "arn:aws:iam::123456789012:role/RequireMFA-SSO";
const CALLER = "arn:aws:sts::123456789012:assumed-role/SSO-MFA/jane";
const KEYS =
  "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = hunter2\n" +
  `[profile app]\nrole_arn = ${ROLE}\nsource_profile = base\n`;
const SSO =
  "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n" +
  "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n" +
  `[profile app]\nrole_arn = ${ROLE}\nsource_profile = dev\n`;
const CHECK_ROLE =
  "Check the role's name and its trust policy, and the caller's right to sts:AssumeRole";
const CHECK_WEB_IDENTITY =
  "Check that the token is mounted, and that the role of AWS_ROLE_ARN trusts who issued it";
const CHECK_CONTAINER =
  "Check the role of the task, or the pod identity of the service account, and its agent";
const CHECK_NETWORK =
  "Check the network, and the proxy or endpoint that the AWS configuration names";
const SSO_EXPIRED = {
  message: 'SSO session of profile "dev" has expired or was never started',
  hint: "Run: aws sso login --profile dev",
};

const denied = () =>
  stsError(
    "AccessDenied",
    `User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
  );
const expired = () =>
  stsError("ExpiredToken", "The security token in the request is expired");
const ssoError = (type: string, message: string, status: number) => () =>
  Response.json({ message }, {
    status,
    headers: { "x-amzn-errortype": type },
  });

interface Case {
  name: string;
  config: string;
  identity?: Partial<Identity>;
  /** Who is asked. */
  help?: Pick<SignInHelp, "askMfaCode">;
  /** What STS and SSO answer; left out, nobody answers. */
  answer?: () => Response;
  /** Sets up more. */
  prepare?: (aws: AwsSetup) => unknown;
  message: string;
  hint: string;
}

const CASES: Case[] = [{
  name:
    "a profile's role that may not be assumed, whatever words are in its name",
  config: KEYS,
  identity: { profile: "app" },
  answer: denied,
  message:
    `Role "${ROLE}" cannot be assumed: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
  hint: CHECK_ROLE,
}, {
  name: "a given role that may not be assumed",
  config: KEYS,
  identity: { profile: "base", roleArn: `${ROLE}-2` },
  answer: denied,
  message:
    `Role "${ROLE}-2" cannot be assumed: User: ${CALLER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
  hint: CHECK_ROLE,
}, {
  name: "a web identity whose role may not be assumed",
  config: "",
  answer: () => stsError("AccessDenied", "Not authorized"),
  async prepare({ folder }) {
    const file = join(folder, "token");
    await Deno.writeTextFile(file, "web.jwt");
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = file;
    process.env.AWS_ROLE_ARN = ROLE;
  },
  message: `Role "${ROLE}" cannot be assumed: Not authorized`,
  hint: CHECK_ROLE,
}, {
  name: "credentials that have expired",
  config: KEYS,
  identity: { profile: "app" },
  answer: expired,
  message:
    'AWS refused the credentials of profile "app": The security token in the request is expired',
  hint: "Sign in again, or take expired AWS_* variables out of the environment",
}, {
  name: "an STS that cannot be reached",
  config: KEYS,
  identity: { profile: "app" },
  message:
    'AWS cannot be reached for the credentials of profile "app": ECONNREFUSED',
  hint: CHECK_NETWORK,
}, {
  name: "an SSO that cannot be reached",
  config: SSO,
  identity: { profile: "dev" },
  prepare: (aws) => logInToSso(aws, EXPIRATION),
  message:
    'AWS cannot be reached for the credentials of profile "dev": ECONNREFUSED',
  hint: CHECK_NETWORK,
}, {
  name: "an SSO session that was never started",
  config: SSO,
  identity: { profile: "dev" },
  ...SSO_EXPIRED,
}, {
  name: "an SSO session that has expired",
  config: SSO,
  identity: { profile: "dev" },
  prepare: (aws) => logInToSso(aws, "2026-01-01T00:00:00Z"),
  ...SSO_EXPIRED,
}, {
  name: "an SSO session that was ended at AWS",
  config: SSO,
  identity: { profile: "dev" },
  answer: ssoError("UnauthorizedException", "Session token not found", 401),
  prepare: (aws) => logInToSso(aws, EXPIRATION),
  ...SSO_EXPIRED,
}, {
  name: "an expired SSO session below a role, by the profile that signs in",
  config: SSO,
  identity: { profile: "app" },
  prepare: (aws) => logInToSso(aws, "2026-01-01T00:00:00Z"),
  ...SSO_EXPIRED,
}, {
  name: "an SSO role that is not assigned",
  config: SSO,
  identity: { profile: "dev" },
  answer: ssoError("ForbiddenException", "No access", 403),
  prepare: (aws) => logInToSso(aws, EXPIRATION),
  message: 'SSO gives profile "dev" no credentials: No access',
  hint:
    "Check its sso_account_id and sso_role_name, and that this role is assigned to you",
}, {
  name: "a profile that asks for an MFA code",
  config: `${KEYS}mfa_serial = arn:aws:iam::123456789012:mfa/jane\n`,
  identity: { profile: "app" },
  message:
    'Profile "app" needs an MFA code, and there is no terminal to ask for it',
  hint:
    "Run this in a terminal, which keeps the session: aws sts get-caller-identity --profile app",
}, {
  name: "an MFA code that is not accepted",
  config: `${KEYS}mfa_serial = arn:aws:iam::123456789012:mfa/jane\n`,
  identity: { profile: "app" },
  help: { askMfaCode: () => Promise.resolve(new Secret("123456")) },
  answer: () =>
    stsError(
      "AccessDenied",
      "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    ),
  message:
    "The MFA code was not accepted: MultiFactorAuthentication failed with invalid MFA one time pass code.",
  hint: "Type the code that the device shows now: each is good once",
}, {
  name: "an MFA code that is none",
  config: `${KEYS}mfa_serial = arn:aws:iam::123456789012:mfa/jane\n`,
  identity: { profile: "app" },
  help: { askMfaCode: () => Promise.resolve(new Secret("hunter2")) },
  message: "The MFA code is not valid",
  hint: "Type the six digits that the device shows",
}, {
  name: "an SSO session that has ended, before it asks for an MFA code",
  config: `${SSO}mfa_serial = arn:aws:iam::123456789012:mfa/jane\n`,
  identity: { profile: "app" },
  help: { askMfaCode: () => assert.fail("it asked") },
  ...SSO_EXPIRED,
}, {
  name: "a login session that has ended",
  config:
    "[profile dev]\nlogin_session = arn:aws:iam::123456789012:user/jane\n",
  identity: { profile: "dev" },
  message: 'Login session of profile "dev" has expired or was never started',
  hint: "Run: aws login --profile dev",
}, {
  name: "a web identity whose file is not there",
  config: "",
  prepare({ folder }) {
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = join(folder, "nothing");
    process.env.AWS_ROLE_ARN = ROLE;
  },
  message:
    "There are no credentials from the web identity of AWS_WEB_IDENTITY_TOKEN_FILE: the file of its token cannot be read",
  hint: CHECK_WEB_IDENTITY,
}, {
  name: "a web identity that has expired",
  config: "",
  answer: () =>
    stsError("ExpiredTokenException", "Token expired: current date/time"),
  async prepare({ folder }) {
    const file = join(folder, "token");
    await Deno.writeTextFile(file, "web.jwt");
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = file;
    process.env.AWS_ROLE_ARN = ROLE;
  },
  message:
    "AWS refused the credentials of the web identity of AWS_WEB_IDENTITY_TOKEN_FILE: Token expired: current date/time",
  hint: CHECK_WEB_IDENTITY,
}, {
  name: "a profile's web identity whose file is not there",
  config:
    `[profile pod]\nrole_arn = ${ROLE}\nweb_identity_token_file = /nonexistent/token\n`,
  identity: { profile: "pod" },
  message:
    'There are no credentials from the web identity of profile "pod": the file of its token cannot be read',
  hint: "Check its web_identity_token_file",
}, {
  name: "a container's agent that does not run",
  config: "",
  prepare: () =>
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = "http://127.0.0.1:1/",
  message:
    "There are no credentials from the container (AWS_CONTAINER_CREDENTIALS_*_URI): connect ECONNREFUSED 127.0.0.1:1",
  hint: CHECK_CONTAINER,
}, {
  name: "a container's agent at an address that no agent has",
  config: "",
  prepare: () =>
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = "http://10.1.2.3/",
  message:
    "There are no credentials from the container (AWS_CONTAINER_CREDENTIALS_*_URI): its address is not one that AWS allows",
  hint: CHECK_CONTAINER,
}, {
  name: "a container whose agent's token is not there",
  config: "",
  prepare() {
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = "http://127.0.0.1:1/";
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE = "/nonexistent/token";
  },
  message:
    "There are no credentials from the container (AWS_CONTAINER_CREDENTIALS_*_URI): the file of its token cannot be read",
  hint: CHECK_CONTAINER,
}, {
  name: "a role for whose instance there is no metadata",
  config:
    `[profile box]\nrole_arn = ${ROLE}\ncredential_source = Ec2InstanceMetadata\n`,
  identity: { profile: "box" },
  message:
    'There are no credentials from Ec2InstanceMetadata, the credential_source of profile "box"',
  hint:
    "Check that the instance has a role, and that its metadata can be reached from here",
}, {
  name: "a role whose source is no source",
  config: `[profile box]\nrole_arn = ${ROLE}\ncredential_source = Ec2\n`,
  identity: { profile: "box" },
  message:
    'There are no credentials from Ec2, the credential_source of profile "box"',
  hint: "Known: Ec2InstanceMetadata, EcsContainer, Environment",
}, {
  name: "a credential_process that fails",
  config:
    "[profile vault]\ncredential_process = sh -c 'echo hunter2; exit 1' hunter2\n",
  identity: { profile: "vault" },
  message: 'The credential_process of profile "vault" failed with exit code 1',
  hint: "Run that command by hand to see why",
}, {
  name: "profiles that take their credentials from each other",
  config:
    `[profile a]\nrole_arn = ${ROLE}\nsource_profile = b\n[profile b]\nrole_arn = ${ROLE}\nsource_profile = a\n`,
  identity: { profile: "a" },
  message: 'Profile "b" takes its credentials in a circle: a, b, a',
  hint: "Name a source_profile that has credentials of its own",
}, {
  name: "a source_profile that is not there",
  config: KEYS.replace("source_profile = base", "source_profile = bse"),
  identity: { profile: "app" },
  message:
    'Profile "app" takes its credentials from the source_profile "bse", which is not configured',
  hint: 'Did you mean "base"?',
}, {
  name: "a source_profile without credentials",
  config: `${KEYS}[profile empty]\nregion = x\n`
    .replace("source_profile = base", "source_profile = empty"),
  identity: { profile: "app" },
  message:
    'Profile "app" takes its credentials from the source_profile "empty", which has none',
  hint: "Try: aws sts get-caller-identity --profile app",
}, {
  name: "a role with nothing to assume it with",
  config: `[profile app]\nrole_arn = ${ROLE}\n`,
  identity: { profile: "app" },
  message: 'Profile "app" has a role_arn, and nothing to assume it with',
  hint: "Add source_profile or credential_source",
}, {
  name: "a role with two things to assume it with",
  config: `${KEYS}credential_source = Environment\n`,
  identity: { profile: "app" },
  message: 'Profile "app" has both a source_profile and a credential_source',
  hint: "Take one of them out",
}, {
  name: "a role whose region is closed",
  config: KEYS,
  identity: { profile: "app" },
  answer: () => stsError("RegionDisabledException", "STS is not activated"),
  message:
    'The role of profile "app" cannot be assumed in this region: STS is not activated',
  hint:
    "Set the profile's region, or AWS_REGION, to one that the account has enabled",
}, {
  name: "an STS that is a login page of the network",
  config: KEYS,
  identity: { profile: "app" },
  answer: () =>
    new Response("<html><p>Sign in to the hotel", {
      headers: { "content-type": "text/html" },
    }),
  message:
    'AWS cannot be reached for the credentials of profile "app": what answered is not AWS (HTTP 200)',
  hint: CHECK_NETWORK,
}, {
  name: "an sso-session that is not there",
  config: SSO.replace("[sso-session corp]", "[sso-session crp]"),
  identity: { profile: "dev" },
  message:
    'Profile "dev" names the sso-session "corp", which is not configured',
  hint: 'Did you mean "crp"?',
}, {
  name: "an SSO profile without its role",
  config: SSO.replace("sso_role_name = Dev\n", ""),
  identity: { profile: "dev" },
  message: 'Profile "dev" signs in by SSO and has no sso_role_name',
  hint: "Add it, or run: aws configure sso --profile dev",
}, {
  name: "half a key",
  config: "[profile half]\naws_access_key_id = AKIAHALF\n",
  identity: { profile: "half" },
  message:
    'Profile "half" has half a key: aws_access_key_id and no aws_secret_access_key',
  hint: "Run: aws configure --profile half",
}, {
  name: "a profile without credentials",
  config: "[profile empty]\nregion = eu-west-1\n",
  identity: { profile: "empty" },
  message: 'Profile "empty" gave no usable credentials',
  hint: "Try: aws sts get-caller-identity --profile empty",
}, {
  name: "a profile that is not configured",
  config: KEYS,
  identity: { profile: "bse" },
  message:
    'AWS profile "bse" is not configured: neither the config nor the credentials file has it',
  hint: 'Did you mean "base"?',
}, {
  name: "nothing at all",
  config: "",
  message: "No AWS credentials were found",
  hint:
    "Set AWS_PROFILE or pass --profile, sign in with aws sso login, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
}];

for (
  const { name, config, identity, help, answer, prepare, ...expected } of CASES
) {
  Deno.test(`resolveAccessKey() explains ${name}`, async () => {
    await using server = answer && startAwsServer(answer);
    const url = server?.url ?? deadUrl();
    await using aws = await setUpAws(config, {
      AWS_ENDPOINT_URL_STS: url,
      AWS_ENDPOINT_URL_SSO: url,
    });
    await prepare?.(aws);
    await assert.rejects(
      lookUp(identity, help),
      (error) => {
        assertRdsiamError(error, { kind: "credentials", ...expected });
        assertNoSecret(error);
        return true;
      },
    );
  });
}

Deno.test("explainFailure() does not call an error of another kind a lack of credentials", () => {
  const cause = new Deno.errors.NotCapable("Requires sys access to hunter2");
  assert.throws(
    () => explainFailure({ kind: "role", whose: "x", role: "y" }, cause),
    {
      message: "AWS credentials cannot be looked up: NotCapable",
      hint: "Set RDSIAM_DEBUG=1 to see where it comes from",
    },
  );
});

Deno.test("missingProfile() names the profiles that there are, or how to make one", () => {
  const hints = [{ prod: {}, staging: {} }, {}].map((profiles) =>
    missingProfile("nothing-like-them", profiles).hint
  );
  assert.deepEqual(hints, [
    "Configured: prod, staging",
    "Run: aws configure --profile nothing-like-them",
  ]);
});

function assertNoSecret(error: unknown) {
  assert.ok(error instanceof RdsiamError);
  const shown = `${error.message}\n${error.hint}`;
  for (const secret of SECRETS) assert.ok(!shown.includes(secret), secret);
  // A program's command line and output are in the cause alone.
  if (shown.includes("credential_process")) return;
  const cause = inspect(error.cause);
  for (const secret of SECRETS) assert.ok(!cause.includes(secret), secret);
}
