import assert from "node:assert/strict";
import { credentialKind } from "../../../core/doctor/credential_kind.ts";

Deno.test("credentialKind() says what credentials come from", () => {
  const profiles = {
    prod: { sso_session: "corp", region: "eu-west-1" },
    chain: { role_arn: "arn:aws:iam::1:role/x", source_profile: "prod" },
    odd: {},
  };
  const key = { AWS_ACCESS_KEY_ID: "AKIA" };
  assert.equal(
    credentialKind({}, key, profiles),
    "AWS_ACCESS_KEY_ID of the environment",
  );
  assert.equal(
    credentialKind({ profile: "prod" }, key, profiles),
    'profile "prod" (SSO)',
  );
  assert.equal(
    credentialKind({ profile: "chain", roleArn: "arn:r" }, {}, profiles),
    'role arn:r, by profile "chain" (assumed role)',
  );
  assert.equal(
    credentialKind({}, { AWS_WEB_IDENTITY_TOKEN_FILE: "/t" }, profiles),
    "web identity",
  );
  assert.equal(
    credentialKind({}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://x" }, {}),
    "the container's role",
  );
  assert.equal(credentialKind({}, {}, {}), "the instance's role");
  assert.equal(
    credentialKind({}, { AWS_EC2_METADATA_DISABLED: "true" }, {}),
    'profile "default"',
  );
});
