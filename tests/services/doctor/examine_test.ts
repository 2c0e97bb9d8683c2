import assert from "node:assert/strict";
import { DatabaseUnreachable } from "../../../core/database/unreachable.ts";
import { skippedFor } from "../../../services/doctor/step.ts";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import { CHECKS } from "../../../core/doctor/check.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { examine } from "../../../services/doctor/examine.ts";
import { denied } from "../../fake_aws.ts";
import { COMPLAINT, PAM, PASSWORD, Patient } from "./patient.ts";

function skipped(detail: string) {
  return { status: "skipped", detail } as const;
}

Deno.test("examine() finds every link sound where nothing is wrong, and tells in order", async () => {
  const patient = new Patient();
  const told: string[] = [];
  const results = await examine(
    COMPLAINT,
    patient.ports(),
    ({ check }) => told.push(check),
  );
  assert.deepEqual(told, CHECKS.filter((name) => name !== "tunnel"));
  for (const result of results) assert.equal(result.status, "ok", result.check);
});

Deno.test("examine() names what the configuration lacks, and looks into nothing else", async () => {
  const patient = new Patient();
  patient.changes = {
    readTarget: () =>
      Promise.reject(
        new RdsiamError("usage", "Username is missing", { hint: "Name it" }),
      ),
  };
  const { configuration, ...others } = await patient.examine();
  assert.deepEqual(configuration, {
    status: "failed",
    kind: "usage",
    detail: "Username is missing",
    remedy: "Name it",
  });
  for (const result of Object.values(others)) {
    assert.deepEqual(result, skippedFor("configuration"));
  }
});

Deno.test("examine() goes on without any AWS permission", async () => {
  const patient = new Patient();
  patient.aws.rds.errors["rds:DescribeDBInstances"] = denied(
    "rds:DescribeDBInstances",
  );
  patient.aws.sts.answer = denied("sts:GetCallerIdentity");
  const { identity, clock, database, policy, login, access } = await patient
    .examine();
  assert.deepEqual(identity, skipped("no permission sts:GetCallerIdentity"));
  assert.deepEqual(clock, skipped("AWS did not tell its time"));
  assert.deepEqual(database, skipped("no permission rds:DescribeDBInstances"));
  assert.deepEqual(policy, skippedFor("identity"));
  assert.equal(login.status, "ok");
  assert.equal(access.status, "ok");
});

Deno.test("examine() acquits of what looks wrong whoever is let in", async () => {
  const patient = new Patient();
  patient.aws.iam.answer = {
    decision: "no statement allows it",
    principal: "arn:aws:iam::123456789012:role/app",
  };
  const { policy, login } = await patient.examine();
  assert.equal(policy.status, "warning");
  assert.equal(login.status, "ok");
});

Deno.test("examine() gives up on who does not answer in time", async () => {
  const patient = new Patient();
  const never = () => Promise.withResolvers<never>().promise;
  patient.aws.rds.find = never;
  patient.aws.iam.simulate = never;
  patient.probe = {
    ...patient.probe,
    connect: (_, signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () =>
        reject(
          new DatabaseUnreachable("10.0.3.17:5432", {
            why: "it did not answer in time",
            fault: "other",
          }),
        ));
      return promise;
    },
  };
  const running = patient.examine();
  for (let second = 0; second < 60; second++) await patient.clock.advance(1000);
  const { tcp, database, login } = await running;
  assert.equal(
    tcp.detail,
    "10.0.3.17:5432: it did not answer in time",
  );
  assert.deepEqual(database, skipped("no answer within 10 s"));
  assert.deepEqual(login, skippedFor("tcp"));
});

Deno.test("examine() lets the administrator look only where the login was refused", async () => {
  const patient = new Patient();
  let looked = 0;
  const session = patient.ports().logInAsAdmin;
  patient.hasAdmin = true;
  patient.changes = {
    logInAsAdmin: (target) => {
      looked++;
      return session(target);
    },
  };
  await patient.examine();
  assert.equal(looked, 0);
  patient.refusal = PASSWORD;
  await patient.examine();
  assert.equal(looked, 1);
  patient.refusal = PAM; // the role is in rds_iam
  await patient.examine();
  assert.equal(looked, 1);
});

Deno.test("examine() says why the administrator could not look", async () => {
  const patient = new Patient();
  patient.refusal = PASSWORD;
  patient.changes = {
    logInAsAdmin: () =>
      Promise.reject(
        new RdsiamError("refused", 'Login as "postgres" failed: no'),
      ),
  };
  const { login, role } = await patient.examine();
  assert.equal(login.status, "failed");
  assert.deepEqual(
    role,
    skipped('the administrator could not look: Login as "postgres" failed: no'),
  );
});

Deno.test("examine() takes AWS's time from its refusal, and names the clock before the signature", async () => {
  const patient = new Patient();
  patient.refusal = PAM;
  patient.aws.sts.answer = new AwsCallError(
    "sts:GetCallerIdentity",
    "credentials",
    "AWS refused the signature",
    {
      code: "SignatureDoesNotMatch",
      serverTime: patient.clock.now() + 1_200_000,
    },
  );
  const { identity, clock, login } = await patient.examine();
  assert.deepEqual(
    identity,
    skipped("AWS takes no signature, because of clock"),
  );
  assert.equal(clock.status, "failed");
  assert.deepEqual(login, skipped("refused, because of clock"));
});

Deno.test("examine() tries no login to an engine that it does not speak, and says what RDS knows for sure", async () => {
  const patient = new Patient();
  patient.target = { ...patient.target, engine: "mysql" };
  patient.isInRds({ engine: "mysql", rdsEngine: "mysql" });
  const { tcp, tls, login } = await patient.examine();
  assert.equal(tcp.status, "ok");
  assert.deepEqual(tls, skipped("rdsiam speaks postgres alone, not mysql"));
  assert.deepEqual(login, skippedFor("tls"));
  patient.isInRds({ engine: "mysql", rdsEngine: "mysql", iam: "off" });
  const { database } = await patient.examine();
  assert.equal(database.status, "failed");
});

Deno.test("examine() says that a database is of another engine", async () => {
  const patient = new Patient();
  patient.target = { ...patient.target, engine: "mysql" };
  const { database } = await patient.examine();
  assert.deepEqual(database, {
    status: "failed",
    kind: "usage",
    detail: 'instance "orders" is postgres, and the target says mysql',
    remedy: "rdsiam doctor orders --engine postgres",
  });
});

Deno.test("examine() tells of both where two things are wrong by themselves", async () => {
  const patient = new Patient();
  patient.changes = {
    findCredentials: () =>
      Promise.reject(new RdsiamError("credentials", "None were found")),
    resolver: {
      alias: () => Promise.resolve(undefined),
      address: () => Promise.reject(new RdsiamError("unreachable", "No")),
    },
  };
  const { credentials, dns, login } = await patient.examine();
  assert.equal(credentials.status, "failed");
  assert.equal(dns.status, "failed");
  assert.deepEqual(login, skippedFor("credentials"));
});
