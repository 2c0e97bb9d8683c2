/** The twelve commonest causes of a refused login, each named first and alone, with what to type. */
import assert from "node:assert/strict";
import { DatabaseUnreachable } from "../../../core/database/unreachable.ts";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import { type CheckName, CHECKS } from "../../../core/doctor/check.ts";
import { type ErrorKind, RdsiamError } from "../../../core/errors.ts";
import { HOST, PAM, PASSWORD, Patient, ROLE } from "./patient.ts";

interface Cause {
  name: string;
  stage: (patient: Patient) => void;
  check: CheckName;
  kind?: ErrorKind;
  detail: string;
  remedy: string;
}

const CAUSES: readonly Cause[] = [
  {
    name: "wrong region",
    stage(patient) {
      patient.target = { ...patient.target, region: "us-east-1" };
      patient.refusal = PAM;
    },
    check: "region",
    detail:
      "tokens are signed for us-east-1 (the AWS environment), and the database is in eu-west-1",
    remedy: "rdsiam doctor orders --region eu-west-1",
  },
  {
    name: "wrong host, as the certificate shows",
    stage(patient) {
      const names = [HOST];
      patient.target = {
        ...patient.target,
        host: "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com",
        sslmode: "require",
      };
      patient.probe.certificate = () =>
        Promise.resolve({ names, expiresAt: patient.clock.now() + 1e10 });
      patient.refusal = PAM;
    },
    check: "tls",
    detail:
      `"${HOST}" answers, and tokens are signed for "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com"`,
    remedy: `rdsiam doctor orders -h ${HOST}`,
  },
  {
    name: "wrong host, which has no address",
    stage(patient) {
      patient.target = {
        ...patient.target,
        host: "orders.zyxwvutsrqpo.eu-west-1.rds.amazonaws.com",
      };
      patient.changes = {
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
    stage(patient) {
      patient.target = { ...patient.target, port: 5433 };
      patient.probe.connect = () =>
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
    stage(patient) {
      patient.target = { ...patient.target, username: "App" };
      patient.role = { ...ROLE, exists: false };
      patient.hasAdmin = true;
      patient.refusal = PASSWORD;
    },
    check: "role",
    detail: 'role "App" does not exist, "app" does: capitals matter',
    remedy: "rdsiam doctor orders -U app",
  },
  {
    name: "expired token in the passfile",
    stage(patient) {
      const token = `${HOST}\\:5432/?Action=connect&DBUser=app` +
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/20260115/eu-west-1/rds-db/aws4_request" +
        "&X-Amz-Date=20260115T115956Z&X-Amz-Signature=0";
      patient.changes = {
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
    stage(patient) {
      patient.aws.sts.answer = new AwsCallError(
        "sts:GetCallerIdentity",
        "credentials",
        "AWS refused the credentials: the security token has expired",
        {
          code: "ExpiredToken",
          hint: "Run: aws sso login --profile prod",
          serverTime: patient.clock.now(),
        },
      );
      patient.refusal = PAM;
    },
    check: "identity",
    kind: "credentials",
    detail: "AWS refused the credentials: the security token has expired",
    remedy: "Run: aws sso login --profile prod",
  },
  {
    name: "missing policy",
    stage(patient) {
      patient.aws.iam.answer = {
        decision: "no statement allows it",
        principal: "arn:aws:iam::123456789012:role/app",
      };
      patient.refusal = PAM;
    },
    check: "policy",
    detail:
      "no policy of arn:aws:iam::123456789012:role/app allows rds-db:connect on " +
      "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ORDERS/app",
    remedy: "rdsiam policy orders",
  },
  {
    name: "rds_iam missing",
    stage(patient) {
      patient.refusal = PASSWORD;
    },
    check: "login",
    detail: 'role "app" is missing (capitals matter) or not in rds_iam',
    remedy: "rdsiam setup-db orders --admin-username postgres",
  },
  {
    name: "rds_iam missing, as the administrator sees",
    stage(patient) {
      patient.role = { ...ROLE, isIam: false };
      patient.hasAdmin = true;
      patient.refusal = PASSWORD;
    },
    check: "role",
    detail: 'role "app" is not in rds_iam',
    remedy: "rdsiam setup-db orders --admin-username postgres",
  },
  {
    name: "IAM authentication off",
    stage(patient) {
      patient.isInRds({ iam: "off" });
      patient.refusal = PASSWORD;
    },
    check: "database",
    detail: 'IAM authentication is off for instance "orders"',
    remedy: "rdsiam policy orders --enable",
  },
  {
    name: "no TLS",
    stage(patient) {
      patient.probe.certificate = () =>
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
    stage(patient) {
      patient.clock.jump(1_200_000);
      patient.refusal = PAM;
    },
    check: "clock",
    detail: "this machine's clock is 20 min ahead of the time of AWS",
    remedy: "sudo timedatectl set-ntp true",
  },
  {
    name: "tunnel signed wrongly",
    stage(patient) {
      patient.target = {
        ...patient.target,
        port: 15432,
        connect: { host: "127.0.0.1", port: 15432 },
      };
      patient.aws.rds.find = () =>
        Promise.reject(
          new AwsCallError("rds:DescribeDBInstances", "unreachable", "No way"),
        );
      patient.refusal = PAM;
    },
    check: "login",
    detail:
      "the token is signed for port 15432, which looks like the tunnel's: RDS has 5432 as a rule",
    remedy: "rdsiam doctor orders -p 5432 --connect 127.0.0.1:15432",
  },
];

for (const { name, stage, check, kind = "refused", ...text } of CAUSES) {
  Deno.test(`examine() names the cause first and alone: ${name}`, async () => {
    const patient = new Patient();
    stage(patient);
    const results = await patient.examine();
    const failed = CHECKS.filter((name) => results[name]?.status === "failed");
    assert.deepEqual(failed, [check]);
    assert.deepEqual(results[check], { status: "failed", kind, ...text });
  });
}
