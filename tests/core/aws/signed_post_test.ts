import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import { serviceHost } from "../../../core/aws/service_host.ts";
import { signedHeaders } from "../../../core/aws/signed_post.ts";

Deno.test("signedHeaders() signs as botocore does", async () => {
  // botocore.auth.SigV4Auth of 1.29 for the same request, key and time.
  const { authorization } = await signedHeaders(
    {
      service: "ssm",
      region: "eu-west-1",
      host: "ssm.eu-west-1.amazonaws.com",
      target: "AmazonSSM.StartSession",
      body: '{"Target":"i-0123456789abcdef0"}',
    },
    {
      id: "AKIAIOSFODNN7EXAMPLE",
      secret: new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      sessionToken: new Secret("session"),
    },
    Date.UTC(2026, 10, 28, 12, 30, 15, 400),
  );
  assert.equal(
    authorization,
    "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261128/eu-west-1/ssm/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature=d4fc7040197e22e0761a06788e777905309db29c39b563b9c9b1a6ffc761e036",
  );
});

Deno.test("serviceHost() knows the partitions", () => {
  assert.equal(serviceHost("ssm", "eu-west-1"), "ssm.eu-west-1.amazonaws.com");
  assert.equal(
    serviceHost("ssm", "cn-north-1"),
    "ssm.cn-north-1.amazonaws.com.cn",
  );
  assert.equal(
    serviceHost("ssm", "us-isob-east-1"),
    "ssm.us-isob-east-1.sc2s.sgov.gov",
  );
});
