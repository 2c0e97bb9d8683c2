/** Which source of credentials wins: each row of the table in docs/credentials.md, held against botocore. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run, skip } from "../../programs.ts";
import { temporaryFolder } from "../temporary_folder.ts";
import {
  type AwsRequest,
  EXPIRATION,
  logInToSso,
  lookUp,
  metadataCredentials,
  setUpAws,
  startAwsServer,
  stsAnswer,
} from "./aws_fixture.ts";

const PYTHON = "/usr/bin/python3"; // Debian's, which Debian's botocore is for
const PROGRAM = fileURLToPath(
  new URL("../../testdata/credential_order.py", import.meta.url),
);
const DOCS = new URL("../../../docs/credentials.md", import.meta.url);

/** Two sources, and whose key is found. */
interface Row {
  both: string;
  wins: string;
  config?: string;
  credentials?: string;
  environment?: Record<string, string>;
  profile?: string;
  key: string;
  /** Why botocore, version 1 of the AWS CLI, is not asked. */
  onlyVersion2?: string;
}

const ENVIRONMENT_KEY = {
  AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT",
  AWS_SECRET_ACCESS_KEY: "hunter2",
};
const key = (id: string) =>
  `aws_access_key_id = AKIA${id}\naws_secret_access_key = hunter2\n`;
const role = (name: string) =>
  `role_arn = arn:aws:iam::123456789012:role/${name}\n`;
const DEV = `[profile dev]\n${key("DEV")}`;
const BASE = `[profile base]\n${key("BASE")}`;
const START_URL = "https://corp.awsapps.com/start";
const SSO = `sso_start_url = ${START_URL}\n` +
  "sso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = Dev\n";

const ROWS: readonly Row[] = [{
  both: "`AWS_ACCESS_KEY_ID`, `AWS_PROFILE`",
  wins: "the environment's key",
  config: DEV,
  environment: { ...ENVIRONMENT_KEY, AWS_PROFILE: "dev" },
  key: "AKIAENVIRONMENT",
}, {
  both: "`AWS_ACCESS_KEY_ID`, `--profile`",
  wins: "the profile",
  config: DEV,
  environment: ENVIRONMENT_KEY,
  profile: "dev",
  key: "AKIADEV",
}, {
  both: "`AWS_PROFILE`, profile `default`",
  wins: "the profile of `AWS_PROFILE`",
  config: `[default]\n${key("DEFAULT")}${DEV}`,
  environment: { AWS_PROFILE: "dev" },
  key: "AKIADEV",
}, {
  both: "`AWS_DEFAULT_PROFILE`, profile `default`",
  wins: "the profile of `AWS_DEFAULT_PROFILE`",
  config: `[default]\n${key("DEFAULT")}${DEV}`,
  environment: { AWS_DEFAULT_PROFILE: "dev" },
  key: "AKIADEV",
}, {
  both: "`AWS_PROFILE`, `AWS_DEFAULT_PROFILE`",
  wins: "`AWS_PROFILE` (the AWS CLI's version 1 takes the other one)",
  config: DEV + BASE,
  environment: { AWS_PROFILE: "dev", AWS_DEFAULT_PROFILE: "base" },
  key: "AKIADEV",
  onlyVersion2: "version 1 asks AWS_DEFAULT_PROFILE first",
}, {
  both: "`AWS_WEB_IDENTITY_TOKEN_FILE`, key of profile `default`",
  wins: "the web identity",
  config: `[default]\n${key("DEFAULT")}`,
  environment: { AWS_WEB_IDENTITY_TOKEN_FILE: "web", AWS_ROLE_ARN: "r/pod" },
  key: "ASIApod",
}, {
  both: "`AWS_WEB_IDENTITY_TOKEN_FILE`, key of `AWS_PROFILE`",
  wins: "the web identity",
  config: DEV,
  environment: {
    AWS_PROFILE: "dev",
    AWS_WEB_IDENTITY_TOKEN_FILE: "web",
    AWS_ROLE_ARN: "r/pod",
  },
  key: "ASIApod",
}, {
  both: "`AWS_WEB_IDENTITY_TOKEN_FILE`, role of `AWS_PROFILE`",
  wins: "the profile's role",
  config: `${BASE}[profile app]\n${role("app")}source_profile = base\n`,
  environment: {
    AWS_PROFILE: "app",
    AWS_WEB_IDENTITY_TOKEN_FILE: "web",
    AWS_ROLE_ARN: "r/pod",
  },
  key: "ASIAapp",
}, {
  both: "`AWS_WEB_IDENTITY_TOKEN_FILE`, `--profile`",
  wins: "the profile",
  config: DEV,
  environment: { AWS_WEB_IDENTITY_TOKEN_FILE: "web", AWS_ROLE_ARN: "r/pod" },
  profile: "dev",
  key: "AKIADEV",
}, {
  both: "`source_profile`, `web_identity_token_file`",
  wins: "the web identity",
  config: `${BASE}[profile app]\n${
    role("app")
  }source_profile = base\nweb_identity_token_file = web\n`,
  profile: "app",
  key: "ASIAapp",
}, {
  both: "a role, a key of the same profile as its `source_profile`",
  wins: "the role, assumed with the key",
  config: `[profile app]\n${role("app")}source_profile = app\n${key("APP")}`,
  profile: "app",
  key: "ASIAapp",
}, {
  both: "SSO, a key of the same profile",
  wins: "SSO",
  config: `[profile dev]\n${SSO}`,
  credentials: `[dev]\n${key("DEV")}`,
  profile: "dev",
  key: "ASIASSO",
}, {
  both: "`credential_process`, a key in the credentials file",
  wins: "the key",
  config: "[profile dev]\ncredential_process = PROCESS\n",
  credentials: `[dev]\n${key("DEV")}`,
  profile: "dev",
  key: "AKIADEV",
}, {
  both: "`credential_process`, a key in the config file",
  wins: "the process",
  config: `[profile dev]\n${key("DEV")}credential_process = PROCESS\n`,
  profile: "dev",
  key: "ASIAPROCESS",
}, {
  both: "a key in the credentials file, a key in the config file",
  wins: "the credentials file's",
  config: DEV,
  credentials: `[dev]\n${key("OTHER")}`,
  profile: "dev",
  key: "AKIAOTHER",
}, {
  both: "a container's agent, key of profile `default`",
  wins: "the profile",
  config: `[default]\n${key("DEFAULT")}`,
  environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "AGENT" },
  key: "AKIADEFAULT",
}, {
  both: "a container's agent, `--profile` of a profile without credentials",
  wins: "the container",
  config: "[profile empty]\nregion = eu-west-1\n",
  environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "AGENT" },
  profile: "empty",
  key: "ASIATASK",
}];

/** STS, whose keys are called as their roles; SSO; the agent of a container. */
function answer(request: AwsRequest): Response {
  const { form, path } = request;
  const role = form.get("RoleArn");
  if (role !== null) return stsAnswer(request, `ASIA${role.split("/")[1]}`);
  if (path === "/agent") return metadataCredentials("ASIATASK");
  return Response.json({
    roleCredentials: {
      accessKeyId: "ASIASSO",
      secretAccessKey: "hunter2",
      sessionToken: "session-secret",
      expiration: Date.parse(EXPIRATION),
    },
  });
}

/** The files and the environment of a row. */
async function setUpRow(row: Row, url: string) {
  const { config = "", credentials = "", environment = {} } = row;
  const places = { "web": "", "AGENT": `${url}/agent` };
  const aws = await setUpAws("");
  const { folder } = aws;
  places.web = join(folder, "web");
  await Deno.writeTextFile(places.web, "web.jwt");
  await logInToSso(aws, EXPIRATION, START_URL);
  const process = join(folder, "process.json");
  await Deno.writeTextFile(
    process,
    JSON.stringify({
      Version: 1,
      AccessKeyId: "ASIAPROCESS",
      SecretAccessKey: "hunter2",
      Expiration: EXPIRATION,
    }),
  );
  const fill = (text: string) =>
    text.replace("PROCESS", `/bin/cat ${process}`)
      .replace("_file = web", `_file = ${places.web}`);
  await Deno.writeTextFile(join(folder, "config"), fill(config));
  await Deno.writeTextFile(join(folder, "credentials"), fill(credentials));
  const variables = Object.entries(environment).map(([name, value]) => [
    name,
    value === "web"
      ? places.web
      : value === "AGENT"
      ? places.AGENT
      : value.replace(/^r\//, "arn:aws:iam::123456789012:role/"),
  ]);
  return Object.assign(aws, {
    row: {
      ...Object.fromEntries(
        Object.entries(aws.environment).filter(([name]) =>
          name === "HOME" || name.startsWith("AWS_")
        ),
      ),
      ...Object.fromEntries(variables),
    } as Record<string, string>,
  });
}

for (const row of ROWS) {
  Deno.test(`resolveAccessKey() decides between ${row.both} as the AWS CLI does`, async () => {
    await using server = startAwsServer(answer);
    await using aws = await setUpRow(row, server.url);
    const { profile } = row;
    const { id } = await lookUp(profile === undefined ? {} : { profile }, {}, {
      ...aws.row,
      AWS_ENDPOINT_URL: server.url,
    });
    assert.equal(id, row.key);
  });
}

Deno.test("botocore, which is the AWS CLI's, finds the same keys", async (t) => {
  const { code } = await run(PYTHON, ["-c", "import botocore"])
    .catch(() => ({ code: 1 }));
  if (code !== 0) return await skip(t, "python3-botocore is not installed");
  await using server = startAwsServer(answer);
  await using stack = new AsyncDisposableStack();
  const rows = ROWS.filter(({ onlyVersion2 }) => !onlyVersion2);
  const cases = [];
  for (const row of rows) {
    const { row: environment } = stack.use(await setUpRow(row, server.url));
    cases.push({
      environment,
      profile: row.profile ?? null,
      endpoint: server.url,
    });
  }
  const home = stack.use(await temporaryFolder()).path;
  // Where SSO's sessions lie, it decides when it starts.
  await logInToSso({ folder: home }, EXPIRATION, START_URL);
  const file = join(home, "cases.json");
  await Deno.writeTextFile(file, JSON.stringify(cases));
  const { output } = await run(PYTHON, [PROGRAM, file], { HOME: home });
  assert.deepEqual(
    JSON.parse(output.trim().split("\n").at(-1) ?? ""),
    rows.map(({ key }) => key),
    output,
  );
});

Deno.test("docs/credentials.md has a row for each of these, and no other", async () => {
  const text = await Deno.readTextFile(DOCS);
  const table = text.split("## Which source wins")[1]?.split("\n## ")[0] ?? "";
  const cells = [...table.matchAll(/^\| (.*?) +\| (.*?) +\|$/gm)]
    .map(([, both, wins]) => `${both} → ${wins}`).slice(2);
  assert.deepEqual(cells, ROWS.map(({ both, wins }) => `${both} → ${wins}`));
});
