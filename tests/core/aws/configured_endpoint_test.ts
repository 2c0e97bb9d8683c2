import assert from "node:assert/strict";
import { configuredEndpoint } from "../../../core/aws/configured_endpoint.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

type Settings = Record<string, string>;

const SERVICES: Record<string, Settings> = {
  local: {
    "rds.endpoint_url": "http://services-rds",
    "sso_oidc.endpoint_url": "http://services-oidc",
  },
};

function endpoint(
  service: string,
  settings: Settings,
  environment: Settings = {},
) {
  const profile = { name: "prod", settings };
  return configuredEndpoint(service, {
    environment,
    profile,
    services: SERVICES,
  });
}

Deno.test("configuredEndpoint() goes by the order of AWS's reference guide", () => {
  const environment: Settings = {
    AWS_ENDPOINT_URL_RDS: "http://variable-rds",
    AWS_ENDPOINT_URL: "http://variable",
  };
  const settings: Settings = {
    services: "local",
    endpoint_url: "http://profile",
  };
  assert.equal(endpoint("RDS", settings, environment), "http://variable-rds");
  assert.equal(endpoint("STS", settings, environment), "http://variable");
  delete environment.AWS_ENDPOINT_URL_RDS;
  assert.equal(endpoint("RDS", settings, environment), "http://variable");
  environment.AWS_ENDPOINT_URL = "";
  assert.equal(endpoint("RDS", settings, environment), "http://services-rds");
  assert.equal(endpoint("STS", settings, environment), "http://profile");
  delete settings.services;
  assert.equal(endpoint("RDS", settings, environment), "http://profile");
  assert.equal(endpoint("RDS", {}), undefined);
});

Deno.test("configuredEndpoint() writes a service's name as AWS does", () => {
  assert.equal(
    endpoint("SSO OIDC", { services: "local" }),
    "http://services-oidc",
  );
  assert.equal(
    endpoint("SSO OIDC", {}, { AWS_ENDPOINT_URL_SSO_OIDC: "http://variable" }),
    "http://variable",
  );
});

Deno.test("configuredEndpoint() finds none where they are to be ignored", () => {
  const environment = { AWS_ENDPOINT_URL: "http://variable" };
  const settings = { endpoint_url: "http://profile" };
  for (const ignore of ["true", "TRUE"]) {
    assert.equal(
      endpoint("RDS", settings, {
        ...environment,
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: ignore,
      }),
      undefined,
    );
    assert.equal(
      endpoint(
        "RDS",
        { ...settings, ignore_configured_endpoint_urls: ignore },
        environment,
      ),
      undefined,
    );
  }
  assert.equal(
    endpoint(
      "RDS",
      { ...settings, ignore_configured_endpoint_urls: "true" },
      { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "false" },
    ),
    "http://profile",
  );
});

Deno.test("configuredEndpoint() says which services section is missing", () => {
  assertRefuses(() => endpoint("RDS", { services: "gone" }), {
    kind: "credentials",
    message:
      'Profile "prod" names the services section "gone", which the AWS configuration does not have',
    hint: "Add [services gone], or take services out of it",
  });
});
