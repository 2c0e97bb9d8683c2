import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import type { Identity } from "../../../adapters/credentials/identity.ts";
import {
  EXPIRATION,
  logInToSso,
  lookUp,
  metadataCredentials,
  setUpAws,
  startAwsServer,
  stsAnswer,
} from "./aws_fixture.ts";

const ROLE = "arn:aws:iam::123456789012:role/app";
const KEYS =
  "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = hunter2\n";
const SSO =
  "[sso-session corp]\nsso_region = eu-central-1\nsso_start_url = https://corp.awsapps.com/start\n" +
  "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n";

/** Looks up, and shows the secrets. */
async function resolve(identity: Partial<Identity> = {}) {
  const { id, secret, sessionToken, expiresAt } = await lookUp(identity);
  return {
    id,
    secret: secret.reveal(),
    sessionToken: sessionToken?.reveal(),
    expiresAt,
  };
}

/** A temporary key of the servers here. */
function temporaryKey(id: string) {
  return {
    id,
    secret: "hunter2",
    sessionToken: "session-secret",
    expiresAt: Date.parse(EXPIRATION),
  };
}

Deno.test("resolveAccessKey() finds the permanent key of a profile", async () => {
  await using _aws = await setUpAws(KEYS);
  assert.deepEqual(await resolve({ profile: "base" }), {
    id: "AKIABASE",
    secret: "hunter2",
    sessionToken: undefined,
    expiresAt: undefined,
  });
});

Deno.test("resolveAccessKey() finds the default profile of the credentials file", async () => {
  await using aws = await setUpAws("");
  await Deno.writeTextFile(
    join(aws.folder, "credentials"),
    "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = hunter2\naws_session_token = session-secret\n",
  );
  const key = await resolve();
  assert.equal(key.id, "AKIADEFAULT");
  assert.equal(key.sessionToken, "session-secret");
});

Deno.test("resolveAccessKey() sees what changed in the files since it looked last", async () => {
  await using aws = await setUpAws(KEYS);
  await resolve({ profile: "base" });
  await Deno.writeTextFile(
    join(aws.folder, "config"),
    KEYS.replace("AKIABASE", "AKIANEW"),
  );
  assert.equal((await resolve({ profile: "base" })).id, "AKIANEW");
});

Deno.test("resolveAccessKey() prefers a named profile to the environment's key and printed nothing", async () => {
  await using _aws = await setUpAws(KEYS, {
    AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT",
    AWS_SECRET_ACCESS_KEY: "other",
  });
  assert.equal((await resolve({ profile: "base" })).id, "AKIABASE");
});

Deno.test("resolveAccessKey() assumes the role that it is given, at the STS of the region", async () => {
  await using sts = startAwsServer((request) => stsAnswer(request));
  await using _aws = await setUpAws(KEYS, { AWS_ENDPOINT_URL_STS: sts.url });
  const key = await resolve({ profile: "base", roleArn: ROLE });
  assert.deepEqual(key, temporaryKey("ASIAROLE"));
  const [{ form, headers } = assert.fail()] = sts.requests;
  assert.equal(form.get("Action"), "AssumeRole");
  assert.equal(form.get("RoleArn"), ROLE);
  assert.equal(form.get("RoleSessionName"), "rdsiam");
  assert.match(
    headers.get("authorization") ?? "",
    /Credential=AKIABASE\/\d+\/eu-west-1\/sts\//,
  );
});

for (
  const { name, region, expected } of [
    { name: "its own region", region: "us-west-2", expected: "us-west-2" },
    { name: "the identity's", region: undefined, expected: "cn-north-1" },
  ]
) {
  Deno.test(`resolveAccessKey() assumes the role of a profile at the STS of ${name}, without a warning`, async () => {
    await using sts = startAwsServer((request) => stsAnswer(request));
    await using _aws = await setUpAws(
      `${KEYS}[profile app]\nrole_arn = ${ROLE}\nsource_profile = base\n` +
        (region === undefined ? "" : `region = ${region}\n`),
      { AWS_ENDPOINT_URL_STS: sts.url },
    );
    using warnings = catchWarnings();
    const key = await resolve({ profile: "app", region: "cn-north-1" });
    assert.deepEqual(key, temporaryKey("ASIAROLE"));
    assert.deepEqual(warnings.said, []);
    assert.ok(
      sts.requests[0]?.headers.get("authorization")
        ?.includes(`/${expected}/sts/`),
    );
  });
}

Deno.test("resolveAccessKey() goes through a chain of roles", async () => {
  let count = 0;
  await using sts = startAwsServer((request) =>
    stsAnswer(request, `ASIA${++count}`)
  );
  await using _aws = await setUpAws(
    `${KEYS}[profile middle]\nrole_arn = ${ROLE}-middle\nsource_profile = base\n` +
      `[profile app]\nrole_arn = ${ROLE}\nsource_profile = middle\nexternal_id = x\nrole_session_name = jane\n`,
    { AWS_ENDPOINT_URL_STS: sts.url },
  );
  assert.equal((await resolve({ profile: "app" })).id, "ASIA2");
  const [first, second] = sts.requests;
  assert.equal(first?.form.get("RoleArn"), `${ROLE}-middle`);
  assert.equal(second?.form.get("RoleArn"), ROLE);
  assert.equal(second?.form.get("ExternalId"), "x");
  assert.equal(second?.form.get("RoleSessionName"), "jane");
  assert.match(second?.headers.get("authorization") ?? "", /Credential=ASIA1/);
});

Deno.test("resolveAccessKey() uses an SSO session", async () => {
  await using sso = startAwsServer(() =>
    Response.json({
      roleCredentials: {
        accessKeyId: "ASIASSO",
        secretAccessKey: "hunter2",
        sessionToken: "session-secret",
        expiration: Date.parse(EXPIRATION),
      },
    })
  );
  await using aws = await setUpAws(SSO, { AWS_ENDPOINT_URL_SSO: sso.url });
  await logInToSso(aws, EXPIRATION);
  assert.deepEqual(
    await resolve({ profile: "dev" }),
    temporaryKey("ASIASSO"),
  );
  const [{ path, query, headers } = assert.fail()] = sso.requests;
  assert.equal(path, "/federation/credentials");
  assert.equal(query.get("account_id"), "123456789012");
  assert.equal(query.get("role_name"), "Dev");
  assert.equal(headers.get("x-amz-sso_bearer_token"), "sso-bearer");
});

Deno.test("resolveAccessKey() runs a credential_process", async () => {
  await using aws = await setUpAws("");
  const program = join(aws.folder, "credentials-program");
  const output = {
    Version: 1,
    AccessKeyId: "ASIAPROCESS",
    SecretAccessKey: "hunter2",
    SessionToken: "session-secret",
    Expiration: EXPIRATION,
  };
  await Deno.writeTextFile(
    program,
    `#!/bin/sh\necho '${JSON.stringify(output)}'\n`,
  );
  await Deno.chmod(program, 0o755);
  await Deno.writeTextFile(
    join(aws.folder, "config"),
    `[profile vault]\ncredential_process = ${program}\n`,
  );
  assert.deepEqual(
    await resolve({ profile: "vault" }),
    temporaryKey("ASIAPROCESS"),
  );
});

Deno.test("resolveAccessKey() uses a web identity, whose token it sends to STS alone", async () => {
  await using sts = startAwsServer((request) => stsAnswer(request));
  await using aws = await setUpAws("", { AWS_ENDPOINT_URL_STS: sts.url });
  const file = join(aws.folder, "token");
  await Deno.writeTextFile(file, "web.jwt");
  process.env.AWS_WEB_IDENTITY_TOKEN_FILE = file;
  process.env.AWS_ROLE_ARN = ROLE;
  assert.deepEqual(await resolve(), temporaryKey("ASIAROLE"));
  const [{ form } = assert.fail()] = sts.requests;
  assert.equal(form.get("Action"), "AssumeRoleWithWebIdentity");
  assert.equal(form.get("RoleArn"), ROLE);
  assert.equal(form.get("WebIdentityToken"), "web.jwt");
});

Deno.test("resolveAccessKey() uses the credentials of a container", async () => {
  await using agent = startAwsServer(() => metadataCredentials("ASIATASK"));
  await using _aws = await setUpAws("", {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${agent.url}/role`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "pod-token",
  });
  assert.deepEqual(await resolve(), temporaryKey("ASIATASK"));
  const [{ path, headers } = assert.fail()] = agent.requests;
  assert.equal(path, "/role");
  assert.equal(headers.get("authorization"), "pod-token");
});

Deno.test("resolveAccessKey() uses the role of an instance, by IMDSv2", async () => {
  const base = "/latest/meta-data/iam/security-credentials/";
  await using metadata = startAwsServer(({ method, path, headers }) => {
    if (method === "PUT" && path === "/latest/api/token") {
      return new Response("imds-token");
    }
    if (headers.get("x-aws-ec2-metadata-token") !== "imds-token") {
      return new Response(null, { status: 401 });
    }
    return path === base
      ? new Response("instance-role")
      : metadataCredentials("ASIAINSTANCE");
  });
  await using _aws = await setUpAws("", {
    AWS_EC2_METADATA_DISABLED: undefined,
    AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.url,
  });
  assert.deepEqual(await resolve(), temporaryKey("ASIAINSTANCE"));
  assert.deepEqual(
    metadata.requests.map(({ path }) => path),
    ["/latest/api/token", base, `${base}instance-role`],
  );
});

/** Keeps what is said by `console.warn`, as the SDK does, until it is disposed of. */
function catchWarnings(): Disposable & { said: unknown[][] } {
  const { warn } = console;
  const said: unknown[][] = [];
  function set(replacement: typeof warn) {
    Object.assign(globalThis.console, { warn: replacement });
  }
  set((...words) => void said.push(words));
  return { said, [Symbol.dispose]: () => set(warn) };
}
