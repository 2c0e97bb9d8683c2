import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  EXPIRATION,
  startAwsServer,
  stsAnswer,
} from "../../adapters/credentials/aws_fixture.ts";
import { isMissing } from "../../programs.ts";
import { awsConfig } from "../aws_config.ts";
import { RDSIAM, rdsiam } from "../rdsiam.ts";
import { Terminal } from "../terminal.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";
const TOKEN = ["token", "-h", HOST, "-U", "app", "--profile", "dev"];
const SSO =
  "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n" +
  "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n";
const MFA =
  "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n" +
  "[profile dev]\nrole_arn = arn:aws:iam::123456789012:role/app\nsource_profile = base\n" +
  "mfa_serial = arn:aws:iam::123456789012:mfa/jane\n";
const SSO_FILE = `${createHash("sha1").update("corp").digest("hex")}.json`;
const EXPIRED =
  'error: SSO session of profile "dev" has expired or was never started\nhint: Run: aws sso login --profile dev\n';

/** Answers as STS and as SSO. */
function startServer() {
  return startAwsServer((request) =>
    request.form.has("Action") ? stsAnswer(request) : Response.json({
      roleCredentials: {
        accessKeyId: "ASIASSO",
        secretAccessKey: "hunter2",
        sessionToken: "session-secret",
        expiration: Date.parse(EXPIRATION),
      },
    })
  );
}

/** A home with this configuration, in whose `bin` there is an `aws` that signs in, or fails. */
async function setUp(config: string) {
  const server = startServer();
  const aws = await awsConfig(config);
  const { folder } = aws;
  await Deno.mkdir(`${folder}/bin`);
  await Deno.mkdir(`${folder}/.aws/sso/cache`, { recursive: true });
  const session = JSON.stringify({
    accessToken: "sso-bearer",
    expiresAt: EXPIRATION,
  });
  await Deno.writeTextFile(
    `${folder}/bin/aws`,
    `#!/bin/sh
echo "aws $*" | tee -a ${folder}/called
[ -e ${folder}/fail ] && exit 7
echo '${session}' > ${folder}/.aws/sso/cache/${SSO_FILE}
`,
  );
  await Deno.chmod(`${folder}/bin/aws`, 0o755);
  const env = {
    ...aws.env,
    PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
    AWS_ENDPOINT_URL_STS: server.url,
    AWS_ENDPOINT_URL_SSO: server.url,
  };
  return {
    folder,
    env,
    called: () => Deno.readTextFile(`${folder}/called`).catch(() => ""),
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Declares a test of `rdsiam token …` in a terminal, as `rdsiam` with these further arguments. */
function terminalTest(
  name: string,
  config: string,
  test: (
    terminal: Terminal,
    world: Awaited<ReturnType<typeof setUp>>,
  ) => Promise<void>,
) {
  Deno.test(name, async (t) => {
    if (await isMissing(t, "tmux", "bash")) return;
    await using world = await setUp(config);
    await Deno.writeTextFile(
      `${world.folder}/bin/token`,
      `#!/bin/sh\nexec ${[...RDSIAM, ...TOKEN].join(" ")} "$@"\n`,
    );
    await Deno.chmod(`${world.folder}/bin/token`, 0o755);
    await using terminal = await Terminal.open(world.env);
    await test(terminal, world);
  });
}

terminalTest(
  "token --login signs in to the expired SSO session, and goes on; its output is the token alone",
  SSO,
  async (terminal, { called, folder }) => {
    await terminal.enter(`token --login > ${folder}/token; echo code $?`);
    const screen = await terminal.see(/code 0\n/);
    assert.match(screen, /running aws sso login --profile dev\n/);
    assert.match(screen, /\naws sso login --profile dev\n/);
    assert.equal(await called(), "aws sso login --profile dev\n");
    assert.match(
      await Deno.readTextFile(`${folder}/token`),
      /^orders\.abc\.\S+\n$/,
    );
    await terminal.enter("clear; token --login > /dev/null; echo again $?");
    await terminal.see(/again 0\n/);
    assert.equal(await called(), "aws sso login --profile dev\n");
  },
);

terminalTest(
  "token --login gives up when signing in fails, after one try",
  SSO,
  async (terminal, { called, folder }) => {
    await Deno.writeTextFile(`${folder}/fail`, "");
    await terminal.enter("token --login; echo code $?");
    assert.match(
      await terminal.see(/code 3\n/),
      /error: Signing in has failed: "aws sso login --profile dev" failed with exit code 7\nhint: Run: aws sso login --profile dev\n/,
    );
    assert.equal(await called(), "aws sso login --profile dev\n");
  },
);

terminalTest(
  "token --login says what is missing without the AWS CLI",
  SSO,
  async (terminal, { folder }) => {
    await terminal.enter(
      `PATH=/nonexistent; ${folder}/bin/token --login; echo code $?`,
    );
    assert.match(
      await terminal.see(/code 3\n/),
      /error: Signing in has failed: "aws sso login --profile dev" cannot be run\nhint: Install version 2 of the AWS CLI, or sign in by other means\n/,
    );
  },
);

Deno.test("token runs no command without --login, and none where there is no terminal", async () => {
  await using world = await setUp(SSO);
  assert.deepEqual(await rdsiam(TOKEN, { env: world.env }), {
    code: 3,
    stdout: "",
    stderr: EXPIRED,
  });
  assert.deepEqual(await rdsiam([...TOKEN, "--login"], { env: world.env }), {
    code: 3,
    stdout: "",
    stderr:
      "running aws sso login --profile dev\nerror: Signing in has failed: there is no terminal to sign in on\nhint: Run: aws sso login --profile dev\n",
  });
  assert.equal(await world.called(), "");
});

for (
  const [name, ...args] of [
    ["policy", "policy", "-h", HOST, "-U", "app"],
    ["targets discover", "targets", "discover", "--region", "eu-west-1"],
    ["doctor", "doctor", "-h", HOST, "-U", "app", "--connect", "127.0.0.1:9"],
  ]
) {
  Deno.test(`${name} --login signs in to the expired SSO session, once`, async () => {
    await using world = await setUp(SSO);
    const words = [...args, "--profile", "dev"];
    const without = await rdsiam(words, { env: world.env });
    assert.equal(without.code, 3, without.stdout);
    assert.match(
      without.stdout + without.stderr,
      /SSO session of profile "dev" has expired[^]*aws sso login --profile dev/,
    );
    const { code, stdout, stderr } = await rdsiam([...words, "--login"], {
      env: world.env,
    });
    assert.equal(code, 3);
    assert.match(stderr, /^running aws sso login --profile dev\n(?!running)/);
    assert.match(stdout + stderr, /there is no terminal to sign in on/);
  });
}

terminalTest(
  "token asks for the MFA code of a role, once, and shows it nowhere",
  MFA,
  async (terminal, { folder }) => {
    await terminal.enter(`token --verbose > ${folder}/token; echo code $?`);
    await terminal.see(
      /MFA code of arn:aws:iam::123456789012:mfa\/jane:/,
    );
    await terminal.enter("123456");
    const screen = await terminal.see(/code 0\n/);
    assert.doesNotMatch(screen, /123456\b/);
    assert.match(
      screen.replaceAll("\n", ""),
      /credentials: ASIA…ROLE from role arn:aws:iam::123456789012:role\/app, profile "dev"/,
    );
    await terminal.enter("clear; token > /dev/null; echo again $?");
    assert.doesNotMatch(await terminal.see(/again 0\n/), /MFA code/);
  },
);

terminalTest(
  "token exits as a shell says of Ctrl-C when the MFA code is not given",
  MFA,
  async (terminal) => {
    await terminal.enter("token; echo code $?");
    await terminal.see(/MFA code of/);
    await terminal.press("C-c");
    assert.match(
      await terminal.see(/code 130\n/),
      /error: The question was not answered\n/,
    );
  },
);

Deno.test("token says where to give the MFA code when there is no terminal", async () => {
  await using world = await setUp(MFA);
  assert.deepEqual(await rdsiam(TOKEN, { env: world.env }), {
    code: 3,
    stdout: "",
    stderr:
      'error: Profile "dev" needs an MFA code, and there is no terminal to ask for it\nhint: Run this in a terminal, which keeps the session: aws sts get-caller-identity --profile dev\n',
  });
});
