import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import { awsConfig } from "../aws_config.ts";
import { rdsiam } from "../rdsiam.ts";
import { startPrivateDatabase, WHO } from "./database.ts";
import { startSsmService } from "./ssm_service.ts";

const INSTANCE = "i-0123456789abcdef0";

Deno.test("a private database is reached through Systems Manager, without AWS's plugin", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using database = await startPrivateDatabase();

  await t.step(
    "by the id of an instance, all connections in one session that is ended",
    async () => {
      await using service = startSsmService();
      const env = { AWS_ENDPOINT_URL: service.url };
      const script = `${WHO[0]} ${WHO[1]} 'select 1' & psql -XAtc ` +
        `"select repeat('x', 300000)" | wc -c; wait`;
      const { code, stdout, stderr } = await database.exec(
        `ssm:${INSTANCE}`,
        ["sh", "-c", script],
        env,
      );
      assert.deepEqual([code, stderr], [0, ""]);
      assert.deepEqual(stdout.trim().split("\n").sort(), ["1", "300001"]);
      const [start] = service.calls;
      const [host, port] = database.emulator.listen.split(":");
      assert.deepEqual(start, {
        operation: "StartSession",
        input: {
          Target: INSTANCE,
          DocumentName: "AWS-StartPortForwardingSessionToRemoteHost",
          Parameters: { host: [host], portNumber: [port] },
        },
      });
      assert.deepEqual(
        service.calls.map(({ operation }) => operation),
        ["StartSession", "TerminateSession"],
      );
      assert.equal(service.open.size, 0);
    },
  );

  await t.step("over a bad line", async () => {
    await using service = startSsmService({ noise: 5 });
    const { code, stdout } = await database.exec(
      `ssm:${INSTANCE}`,
      ["psql", "-XAtc", "select md5(repeat('y', 100000)), repeat('x', 50000)"],
      { AWS_ENDPOINT_URL: service.url },
    );
    assert.equal(code, 0);
    assert.equal(stdout.length, 33 + 50_001);
  });

  await t.step("by a tag, and as a task of ECS", async () => {
    const containers = [{
      runtimeId: "abc-123",
      managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }],
    }];
    const taskArn = "arn:aws:ecs:eu-west-1:1:task/prod/0f1e";
    await using service = startSsmService({
      online: { bastion: [INSTANCE] },
      tasks: [{ taskArn, enableExecuteCommand: true, containers }],
    });
    const env = { AWS_ENDPOINT_URL: service.url };
    const target = async (spec: string) => {
      assert.equal((await database.exec(spec, WHO, env)).stdout, "app\n");
      return service.calls.findLast(({ operation }) =>
        operation === "StartSession"
      )?.input.Target;
    };
    assert.equal(await target("ssm:tag:Name=bastion"), INSTANCE);
    assert.equal(await target("ecs:prod/web"), "ecs:prod_0f1e_abc-123");
  });

  await t.step("when the channel is lost in the middle", async () => {
    await using service = startSsmService();
    const running = database.exec(
      `ssm:${INSTANCE}`,
      ["psql", "-XAtc", "select pg_sleep(1)", "-c", "select 42"],
      { AWS_ENDPOINT_URL: service.url },
    );
    await database.emulator.untilActive("app", "pg_sleep");
    service.breakSockets();
    const { stdout, stderr } = await running;
    assert.deepEqual([stdout, stderr], ["\n42\n", ""]);
    assert.equal(service.channels, 2);
    assert.ok(
      service.calls.some(({ operation }) => operation === "ResumeSession"),
    );
  });

  await t.step("and by doctor, a link of its own", async () => {
    await using service = startSsmService();
    const { stdout } = await database.doctor(`ssm:${INSTANCE}`, {
      AWS_ENDPOINT_URL_SSM: service.url,
    });
    assert.match(stdout, new RegExp(`✓ tunnel +ssm:${INSTANCE} is up, tried`));
    assert.match(stdout, /✓ login +token accepted/);
  });

  async function fails(
    options: Parameters<typeof startSsmService>[0],
    spec = `ssm:${INSTANCE}`,
  ): Promise<string> {
    await using service = startSsmService(options);
    const { code, stderr } = await database.exec(spec, WHO, {
      AWS_ENDPOINT_URL: service.url,
    });
    assert.notEqual(code, 0);
    assert.equal(service.open.size, 0, "a session is left");
    return stderr;
  }

  await t.step("or says what is wrong: not online", async () => {
    const refusal = { code: "TargetNotConnected", message: "is not connected" };
    assert.match(
      await fails({ refuse: { StartSession: refusal } }),
      new RegExp(
        `^error: Tunnel ssm:${INSTANCE} failed: it is not online in Systems Manager\nhint: It needs the SSM agent`,
      ),
    );
    assert.match(
      await fails({}, "ssm:tag:Name=nobody"),
      /no instance in eu-west-1 with tag Name=nobody is online in Systems Manager\nhint: aws ssm describe/,
    );
  });

  await t.step("a permission that is missing", async () => {
    const message =
      "User: arn:aws:iam::1:user/me is not authorized to perform: ssm:StartSession on resource: x because no identity-based policy allows the ssm:StartSession action";
    const refusal = { code: "AccessDeniedException", message };
    const stderr = await fails({ refuse: { StartSession: refusal } });
    assert.match(
      stderr,
      /^error: Tunnel .* failed: AWS does not let arn:aws:iam::1:user\/me call ssm:StartSession in eu-west-1: .*\nhint: .*allow ssm:StartSession.*docs\/tunnels.md/,
    );
  });

  await t.step("an SSO session that has expired", async () => {
    await using service = startSsmService();
    await using aws = await awsConfig(
      "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Dev\n" +
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n",
    );
    for (const command of ["exec", "connect", "doctor"]) {
      const { code, stdout, stderr } = await rdsiam([
        ...[command, ...database.through(`ssm:${INSTANCE}`)],
        ...["--profile", "dev"],
        ...(command === "exec" ? ["--", ...WHO] : []),
      ], { env: { ...aws.env, AWS_ENDPOINT_URL_SSM: service.url } });
      assert.equal(code, 3, stdout + stderr);
      assert.match(
        stdout + stderr,
        /SSO session of profile "dev" has expired or was never started[^]*aws sso login --profile dev/,
      );
    }
    assert.deepEqual(service.calls, []);
  });

  await t.step("sessions that KMS encrypts", async () => {
    assert.match(
      await fails({
        actions: [{ ActionType: "KMSEncryption", ActionParameters: {} }],
      }),
      /sessions are encrypted with a key of KMS\nhint: Install AWS's session-manager-plugin/,
    );
  });

  await t.step("an old agent", async () => {
    assert.match(
      await fails({ agentVersion: "3.0.161.0" }),
      /the SSM agent there is older than 3.0.196\nhint: Update it/,
    );
  });

  await t.step("ECS without ECS Exec", async () => {
    assert.match(
      await fails(
        { tasks: [{ taskArn: "a/b", containers: [] }] },
        "ecs:prod/web",
      ),
      /ECS Exec is off for the service's tasks\nhint: aws ecs update-service --cluster prod --service web --enable-execute-command/,
    );
    assert.match(
      await fails({}, "ecs:prod/web"),
      /service "web" of cluster "prod" has no running task in eu-west-1/,
    );
  });
});
