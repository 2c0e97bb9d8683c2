/** The twelve commonest causes of a refused login, each named first and alone, with what to type. */
import assert from "node:assert/strict";
import { DatabaseUnreachable } from "../../../core/database/unreachable.ts";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import { type CheckName, CHECKS } from "../../../core/doctor/check.ts";
import { type ErrorKind, RdsiamError } from "../../../core/errors.ts";
import { DoctorFixture, HOST, PAM, PASSWORD, ROLE } from "./fixture.ts";

interface Cause {
  name: string;
  stage: (fixture: DoctorFixture) => void;
  check: CheckName;
  kind?: ErrorKind;
  detail: string;
  remedy: string;
}

const CAUSES: readonly Cause[] = [
  {
    name: "wrong region",
    stage(fixture) {
      fixture.target = { ...fixture.target, region: "us-east-1" };
      fixture.refusal = PAM;
    },
    check: "region",
    detail:
      "tokens are signed for us-east-1 (the AWS environment), and the database is in eu-west-1",
    remedy: "rdsiam doctor orders --region eu-west-1",
  },
  {
    name: "wrong host, as the certificate shows",
    stage(fixture) {
      const names = [HOST];
      fixture.target = {
        ...fixture.target,
        host: "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com",
        sslmode: "require",
      };
      fixture.probe.certificate = () =>
        Promise.resolve({ names, expiresAt: fixture.clock.now() + 1e10 });
      fixture.refusal = PAM;
    },
    check: "tls",
    detail:
      `"${HOST}" answers, and tokens are signed for "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com"`,
    remedy: `rdsiam doctor orders -h ${HOST}`,
  },
  {
    name: "wrong host, which has no address",
    stage(fixture) {
      fixture.target = {
        ...fixture.target,
        host: "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com",
      };
      fixture.changes = {
        resolver: {
          alias: () => Promise.resolve(undefined),
          address: () =>
            Promise.reject(new RdsiamError("unreachable", "No address")),
        },
      };
    },
    check: "database",
    detail:
      `no database of this account in eu-west-1 has this endpoint; "${HOST}" is there`,
    remedy: `rdsiam doctor orders -h ${HOST}`,
  },
  {
    name: "wrong port",
    stage(fixture) {
      fixture.target = { ...fixture.target, port: 5433 };
      fixture.probe.connect = () =>
        Promise.reject(
          new DatabaseUnreachable("10.0.3.17:5433", {
            why: "nothing listens there",
            fault: "other",
          }),
        );
    },
    check: "database",
    detail:
      'instance "orders" listens on port 5432, and tokens are signed for 5433',
    remedy: "rdsiam doctor orders -p 5432",
  },
  {
    name: "user in other capitals",
    stage(fixture) {
      fixture.target = { ...fixture.target, username: "App" };
      fixture.role = { ...ROLE, exists: false };
      fixture.hasAdmin = true;
      fixture.refusal = PASSWORD;
    },
    check: "role",
    detail: 'role "App" does not exist, "app" does: capitals matter',
    remedy: "rdsiam doctor orders -U app",
  },
  {
    name: "expired token in the passfile",
    stage(fixture) {
      const token = `${HOST}\\:5432/?Action=connect&DBUser=app` +
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/20260115/eu-west-1/rds-db/aws4_request" +
        "&X-Amz-Date=20260115T115956Z&X-Amz-Signature=0";
      fixture.changes = {
        readPasswords: () =>
          Promise.resolve({
            variable: undefined,
            path: "/home/app/.pgpass",
            content: { kind: "text", text: `${HOST}:*:*:app:${token}\n` },
          }),
      };
    },
    check: "passwords",
    detail:
      "the passfile's entry is a token that expired 20 min ago: clients that use it are refused",
    remedy: "rdsiam pgpass sync orders",
  },
  {
    name: "expired credentials",
    stage(fixture) {
      fixture.aws.sts.answer = new AwsCallError(
        "sts:GetCallerIdentity",
        "credentials",
        "AWS refused the credentials: the security token has expired",
        {
          code: "ExpiredToken",
          hint: "Run: aws sso login --profile prod",
          serverTime: fixture.clock.now(),
        },
      );
      fixture.refusal = PAM;
    },
    check: "identity",
    kind: "credentials",
    detail: "AWS refused the credentials: the security token has expired",
    remedy: "Run: aws sso login --profile prod",
  },
  {
    name: "missing policy",
    stage(fixture) {
      fixture.aws.iam.answer = {
        decision: "no statement allows it",
        principal: "arn:aws:iam::123456789012:role/app",
      };
      fixture.refusal = PAM;
    },
    check: "policy",
    detail:
      "no policy of arn:aws:iam::123456789012:role/app allows rds-db:connect on " +
      "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app",
    remedy: "rdsiam policy orders",
  },
  {
    name: "rds_iam missing",
    stage(fixture) {
      fixture.refusal = PASSWORD;
    },
    check: "login",
    detail: 'role "app" is missing (capitals matter) or not in rds_iam',
    remedy: "rdsiam setup-db orders --admin-username postgres",
  },
  {
    name: "rds_iam missing, as the administrator sees",
    stage(fixture) {
      fixture.role = { ...ROLE, isIam: false };
      fixture.hasAdmin = true;
      fixture.refusal = PASSWORD;
    },
    check: "role",
    detail: 'role "app" is not in rds_iam',
    remedy: "rdsiam setup-db orders --admin-username postgres",
  },
  {
    name: "IAM authentication off",
    stage(fixture) {
      fixture.isInRds({ iam: "off" });
      fixture.refusal = PASSWORD;
    },
    check: "database",
    detail: 'IAM authentication is off for instance "orders"',
    remedy: "rdsiam policy orders --enable",
  },
  {
    name: "no TLS",
    stage(fixture) {
      fixture.probe.certificate = () =>
        Promise.reject(
          new DatabaseUnreachable("10.0.3.17:5432", {
            why: "the server does not offer TLS",
            fault: "other",
            hint: "Check that the port is PostgreSQL's",
          }),
        );
    },
    check: "tls",
    kind: "unreachable",
    detail: "the server does not offer TLS",
    remedy: "Check that the port is PostgreSQL's",
  },
  {
    name: "clock off",
    stage(fixture) {
      fixture.clock.jump(1_200_000);
      fixture.refusal = PAM;
    },
    check: "clock",
    detail: "this machine's clock is 20 min ahead of the time of AWS",
    remedy: "sudo timedatectl set-ntp true",
  },
  {
    name: "tunnel signed wrongly",
    stage(fixture) {
      fixture.target = {
        ...fixture.target,
        port: 15432,
        connect: { host: "127.0.0.1", port: 15432 },
      };
      fixture.aws.rds.find = () =>
        Promise.reject(
          new AwsCallError("rds:DescribeDBInstances", "unreachable", "No way"),
        );
      fixture.refusal = PAM;
    },
    check: "login",
    detail:
      "the token is signed for port 15432, which looks like the tunnel's: RDS has 5432 as a rule",
    remedy: "rdsiam doctor orders -p 5432 --connect 127.0.0.1:15432",
  },
];

for (const { name, stage, check, kind = "refused", ...text } of CAUSES) {
  Deno.test(`examine() names the cause first and alone: ${name}`, async () => {
    const fixture = new DoctorFixture();
    stage(fixture);
    const results = await fixture.examine();
    const failed = CHECKS.filter((name) => results[name]?.status === "failed");
    assert.deepEqual(failed, [check]);
    assert.deepEqual(results[check], { status: "failed", kind, ...text });
  });
}
