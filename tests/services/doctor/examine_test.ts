import assert from "node:assert/strict";
import { DatabaseUnreachable } from "../../../core/database/unreachable.ts";
import { skippedFor } from "../../../services/doctor/step.ts";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import { CHECKS } from "../../../core/doctor/check.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { examine } from "../../../services/doctor/examine.ts";
import { denied } from "../../fake_aws.ts";
import { DoctorFixture, PAM, PASSWORD, REQUEST } from "./fixture.ts";

function skipped(detail: string) {
  return { status: "skipped", detail } as const;
}

Deno.test("examine() finds every link sound where nothing is wrong, and tells in order", async () => {
  const fixture = new DoctorFixture();
  const reported: string[] = [];
  const results = await examine(
    REQUEST,
    fixture.ports(),
    ({ check }) => reported.push(check),
  );
  assert.deepEqual(
    reported,
    CHECKS.filter((name) => name !== "tunnel" && name !== "client"),
  );
  for (const result of results) assert.equal(result.status, "ok", result.check);
});

Deno.test("examine() names what the configuration lacks, and looks into nothing else", async () => {
  const fixture = new DoctorFixture();
  fixture.changes = {
    readTarget: () =>
      Promise.reject(
        new RdsiamError("usage", "Username is missing", { hint: "Name it" }),
      ),
  };
  const { configuration, ...others } = await fixture.examine();
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
  const fixture = new DoctorFixture();
  fixture.aws.rds.errors["rds:DescribeDBInstances"] = denied(
    "rds:DescribeDBInstances",
  );
  fixture.aws.sts.answer = denied("sts:GetCallerIdentity");
  const { identity, clock, database, policy, login, access } = await fixture
    .examine();
  assert.deepEqual(identity, skipped("no permission sts:GetCallerIdentity"));
  assert.deepEqual(clock, skipped("AWS did not tell its time"));
  assert.deepEqual(database, skipped("no permission rds:DescribeDBInstances"));
  assert.deepEqual(policy, skippedFor("identity"));
  assert.equal(login.status, "ok");
  assert.equal(access.status, "ok");
});

Deno.test("examine() acquits of what looks wrong whoever is let in", async () => {
  const fixture = new DoctorFixture();
  fixture.aws.iam.answer = {
    decision: "no statement allows it",
    principal: "arn:aws:iam::123456789012:role/app",
  };
  const { policy, login } = await fixture.examine();
  assert.equal(policy.status, "warning");
  assert.equal(login.status, "ok");
});

Deno.test("examine() gives up on who does not answer in time", async () => {
  const fixture = new DoctorFixture();
  const never = () => Promise.withResolvers<never>().promise;
  fixture.aws.rds.find = never;
  fixture.aws.iam.simulate = never;
  fixture.probe = {
    ...fixture.probe,
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
  const running = fixture.examine();
  for (let second = 0; second < 60; second++) await fixture.clock.advance(1000);
  const { tcp, database, login } = await running;
  assert.equal(
    tcp.detail,
    "10.0.3.17:5432: it did not answer in time",
  );
  assert.deepEqual(database, skipped("no answer within 10 s"));
  assert.deepEqual(login, skippedFor("tcp"));
});

Deno.test("examine() lets the administrator look only where the login was refused", async () => {
  const fixture = new DoctorFixture();
  let looked = 0;
  const session = fixture.ports().logInAsAdmin;
  fixture.hasAdmin = true;
  fixture.changes = {
    logInAsAdmin: (target) => {
      looked++;
      return session(target);
    },
  };
  await fixture.examine();
  assert.equal(looked, 0);
  fixture.refusal = PASSWORD;
  await fixture.examine();
  assert.equal(looked, 1);
  fixture.refusal = PAM; // the role is in rds_iam
  await fixture.examine();
  assert.equal(looked, 1);
});

Deno.test("examine() says why the administrator could not look", async () => {
  const fixture = new DoctorFixture();
  fixture.refusal = PASSWORD;
  fixture.changes = {
    logInAsAdmin: () =>
      Promise.reject(
        new RdsiamError("refused", 'Login as "postgres" failed: no'),
      ),
  };
  const { login, role } = await fixture.examine();
  assert.equal(login.status, "failed");
  assert.deepEqual(
    role,
    skipped('the administrator could not look: Login as "postgres" failed: no'),
  );
});

Deno.test("examine() takes AWS's time from its refusal, and names the clock before the signature", async () => {
  const fixture = new DoctorFixture();
  fixture.refusal = PAM;
  fixture.aws.sts.answer = new AwsCallError(
    "sts:GetCallerIdentity",
    "credentials",
    "AWS refused the signature",
    {
      code: "SignatureDoesNotMatch",
      serverTime: fixture.clock.now() + 1_200_000,
    },
  );
  const { identity, clock, login } = await fixture.examine();
  assert.deepEqual(
    identity,
    skipped("AWS takes no signature, because of clock"),
  );
  assert.equal(clock.status, "failed");
  assert.deepEqual(login, skipped("refused, because of clock"));
});

Deno.test("examine() says that a database is of another engine", async () => {
  const fixture = new DoctorFixture();
  fixture.target = { ...fixture.target, engine: "mysql" };
  fixture.probe.certificate = () =>
    Promise.reject(
      new DatabaseUnreachable("10.0.3.17:5432", {
        why: "what listens there does not greet as MySQL does",
        fault: "other",
      }),
    );
  const { database, tls } = await fixture.examine();
  assert.deepEqual(tls, skipped("not trusted, because of database"));
  assert.deepEqual(database, {
    status: "failed",
    kind: "usage",
    detail: 'instance "orders" is postgres, and the target says mysql',
    remedy: "rdsiam doctor orders --engine postgres",
  });
});

Deno.test("examine() tells of both where two things are wrong by themselves", async () => {
  const fixture = new DoctorFixture();
  fixture.changes = {
    findCredentials: () =>
      Promise.reject(new RdsiamError("credentials", "None were found")),
    resolver: {
      alias: () => Promise.resolve(undefined),
      address: () => Promise.reject(new RdsiamError("unreachable", "No")),
    },
  };
  const { credentials, dns, login } = await fixture.examine();
  assert.equal(credentials.status, "failed");
  assert.equal(dns.status, "failed");
  assert.deepEqual(login, skippedFor("credentials"));
});
