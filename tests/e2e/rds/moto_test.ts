import {
  CreateDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import assert from "node:assert/strict";
import { rdsiam } from "../rdsiam.ts";

const REGION = "us-east-1";
const KEY = { accessKeyId: "testing", secretAccessKey: "testing" };

/** Moto's server on a port of its own; `undefined` where it is not installed, as it mostly is not. */
async function startMoto() {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("moto_server", {
      args: ["-H", "127.0.0.1", "-p", "0"],
      env: { PYTHONUNBUFFERED: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
  } catch {
    return undefined;
  }
  const lines = child.stderr.pipeThrough(new TextDecoderStream());
  let log = "";
  let url: string | undefined;
  for await (const text of lines.values({ preventCancel: true })) {
    log += text;
    url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(log)?.[1];
    if (url !== undefined) break;
  }
  assert.ok(url !== undefined, `moto_server did not start: ${log}`);
  const drained = lines.pipeTo(new WritableStream());
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.status;
      await drained;
    },
  };
}

Deno.test("targets discover and policy read what moto's server has of RDS", async (t) => {
  await using moto = await startMoto();
  if (moto === undefined) {
    // Not from Debian and not needed by others: skipped in continuous integration, too.
    await t.step({
      name: "skipped: moto_server is not installed",
      ignore: true,
      fn() {},
    });
    return;
  }
  const client = new RDSClient({
    endpoint: moto.url,
    region: REGION,
    credentials: KEY,
  });
  await client.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: "orders",
      DBInstanceClass: "db.t3.micro",
      Engine: "postgres",
      AllocatedStorage: 20,
      MasterUsername: "postgres",
      MasterUserPassword: "not-used-here",
    }),
  );
  await client.send(
    new ModifyDBInstanceCommand({
      DBInstanceIdentifier: "orders",
      EnableIAMDatabaseAuthentication: true,
      ApplyImmediately: true,
    }),
  );
  client.destroy();
  const env = {
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    AWS_REGION: REGION,
  };
  const found = await rdsiam(["targets", "discover", "--json"], { env });
  const [orders] = JSON.parse(found.stdout);
  assert.equal(orders.name, "orders", found.stderr);
  assert.equal(orders.iam, "on");
  const { code, stdout, stderr } = await rdsiam(
    ["policy", "-h", orders.host, "-U", "app"],
    { env },
  );
  assert.equal(code, 0, stderr);
  assert.match(
    stdout,
    /"arn:aws:rds-db:us-east-1:\d{12}:dbuser:db-[A-Z0-9]+\/app"/,
  );
});
