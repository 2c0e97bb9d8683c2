/** Which endpoint AWS is called at, where the profile that is used is not the one of the environment. */
import assert from "node:assert/strict";
import { AwsQueryServer } from "../../aws/server.ts";
import { instance } from "../../fake_aws.ts";
import { awsConfig } from "../aws_config.ts";
import { rdsiam } from "../rdsiam.ts";
import { createTlsAuthority } from "../../../adapters/emulator/tls_authority.ts";

const KEY = "aws_access_key_id = AKIAPROD\naws_secret_access_key = secret";

/** Two accounts of AWS, and a configuration that leads a profile to each; AWS_PROFILE names `dev`. */
async function startWorld(prod: (url: string) => string) {
  const servers = {
    dev: new AwsQueryServer([instance("of-dev")]),
    prod: new AwsQueryServer([instance("of-prod")]),
  };
  servers.prod.handlers.set("sts:AssumeRole", () => ({
    Credentials: {
      AccessKeyId: "ASIAROLE",
      SecretAccessKey: "secret",
      SessionToken: "session",
      Expiration: "2100-01-01T00:00:00Z",
    },
  }));
  const config = await awsConfig(`[profile dev]
region = eu-west-1
endpoint_url = ${servers.dev.url}
${KEY.replace("AKIAPROD", "AKIADEV")}

${prod(servers.prod.url)}
`);
  return {
    discover: (env: Record<string, string> = {}) =>
      rdsiam(["targets", "discover", "--profile", "prod", "--json"], {
        cwd: config.folder,
        env: {
          ...config.env,
          XDG_CONFIG_HOME: config.folder,
          AWS_PROFILE: "dev",
          AWS_MAX_ATTEMPTS: "1",
          ...env,
        },
      }),
    called: () =>
      Object.entries(servers).filter(([, { calls }]) => calls.length > 0)
        .map(([name]) => name),
    servers,
    async [Symbol.asyncDispose]() {
      for (const server of Object.values(servers)) {
        await server[Symbol.asyncDispose]();
      }
      await config[Symbol.asyncDispose]();
    },
  };
}

/** What prod may have for an endpoint. */
const PROFILES: [name: string, prod: (url: string) => string][] = [
  [
    "its own endpoint_url",
    (url) =>
      `[profile prod]\nregion = eu-west-1\nendpoint_url = ${url}\n${KEY}`,
  ],
  [
    "its own services section",
    (url) =>
      `[profile prod]\nregion = eu-west-1\nservices = local\n${KEY}\n[services local]\nrds =\n  endpoint_url = ${url}`,
  ],
  [
    "a role that is assumed at its own endpoint",
    (url) =>
      `[profile prod]\nregion = eu-west-1\nendpoint_url = ${url}\nrole_arn = arn:aws:iam::123456789012:role/app\nsource_profile = base\n[profile base]\n${KEY}`,
  ],
];

for (const [name, prod] of PROFILES) {
  Deno.test(`a profile with ${name} calls AWS there, not at the endpoint of AWS_PROFILE`, async () => {
    await using world = await startWorld(prod);
    const { code, stdout, stderr } = await world.discover();
    assert.equal(code, 0, stderr);
    const [found] = JSON.parse(stdout);
    assert.deepEqual([found.identifier, world.called()], ["of-prod", ["prod"]]);
    const role = world.servers.prod.calls.filter(({ accessKeyId }) =>
      accessKeyId === "ASIAROLE"
    );
    assert.equal(role.length > 0, /role/.test(name));
  });
}

Deno.test("a profile without an endpoint is not led to that of AWS_PROFILE, and AWS_ENDPOINT_URL leads every profile", async () => {
  await using world = await startWorld(() =>
    `[profile prod]\nregion = xx-nowhere-1\n${KEY}`
  );
  // There is no such region of AWS to call.
  assert.notEqual((await world.discover()).code, 0);
  assert.deepEqual(world.called(), []);
  const { url } = world.servers.prod;
  const led = await world.discover({ AWS_ENDPOINT_URL: url });
  assert.equal(led.code, 0, led.stderr);
  assert.deepEqual(world.called(), ["prod"]);
});

// security: environment-weakens-nothing
Deno.test("AWS is called within verified TLS with NODE_TLS_REJECT_UNAUTHORIZED=0", async () => {
  const stranger = await createTlsAuthority(["127.0.0.1"], new Date());
  const seen: Request[] = [];
  const server = Deno.serve(
    {
      ...{ hostname: "127.0.0.1", port: 0, onListen() {} },
      ...{ cert: stranger.certificate, key: stranger.privateKey },
    },
    (request) => {
      seen.push(request);
      return new Response();
    },
  );
  const { code } = await rdsiam(["targets", "discover"], {
    env: {
      AWS_ENDPOINT_URL: `https://127.0.0.1:${server.addr.port}`,
      AWS_REGION: "eu-west-1",
      AWS_MAX_ATTEMPTS: "1",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
    },
  });
  assert.notEqual(code, 0);
  assert.deepEqual(seen, []);
  await server.shutdown();
});
