import { errorMessage } from "../../core/errors.ts";
import { connectArn } from "../../core/policy/policy.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type { Finding } from "../../core/doctor/check.ts";
import { judgeClock } from "../../core/doctor/judge/clock.ts";
import { judgeCredentials } from "../../core/doctor/judge/credentials.ts";
import {
  judgeDatabase,
  unknownDatabase,
} from "../../core/doctor/judge/database.ts";
import { judgePolicy } from "../../core/doctor/judge/policy.ts";
import type { CallerIdentity } from "../../core/aws/caller.ts";
import type { FoundDatabase } from "../../core/rds/database.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import type { Target } from "../../core/target/target.ts";
import type { DoctorPorts, DoctorRequest, FoundCredentials } from "./ports.ts";
import { type Checked, startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** The checks that ask AWS. */
export interface AwsSteps {
  credentials: Step<FoundCredentials>;
  identity: Step<CallerIdentity>;
  clock: Step<unknown>;
  signature: Step<unknown>;
  database: Step<FoundDatabase>;
  policy: Step<{ isAllowed: boolean | undefined }>;
}

/** How long one question to AWS may take, its retries included, in milliseconds. */
const DEADLINE_MS = 10_000;

/** How long finding credentials may take: someone may have to type a code. */
const CREDENTIALS_DEADLINE_MS = 60_000;

/** What every check that asks AWS has. */
const COMMON = { deadlineMs: DEADLINE_MS, late: skipLate };

/** A check whose answer another one fetches. */
const AFTERWARDS = { ...COMMON, deadlineMs: 2 * DEADLINE_MS };

/** Starts the checks that ask AWS; what it does not let us know is skipped. */
export function checkAws(
  { configuration }: TargetSteps,
  { words, os }: DoctorRequest,
  ports: DoctorPorts,
): AwsSteps {
  const { clock } = ports;
  const credentials = checkCredentials(configuration, ports);
  const ready = [configuration, credentials] as const;
  const caller = startCaller(ready, ports);
  const identity = checkIdentity(ready, caller, clock);
  const database = checkDatabase(ready, words, ports);
  return {
    credentials,
    identity,
    clock: checkClock(ready, caller, os, clock),
    signature: checkSignature(ready, ports),
    database,
    policy: checkPolicy([configuration, identity, database], words, ports),
  };
}

/** What asking AWS needs. */
type Ready = readonly [TargetSteps["configuration"], Step<FoundCredentials>];

function checkCredentials(
  configuration: TargetSteps["configuration"],
  ports: DoctorPorts,
): Step<FoundCredentials> {
  return startStep("credentials", {
    needs: [configuration],
    deadlineMs: CREDENTIALS_DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "credentials",
      detail: `none found within ${seconds} s`,
    }),
    async run([{ target }]): Promise<Checked<FoundCredentials>> {
      const value = await ports.findCredentials(target);
      const { source, expiresAt } = value;
      const finding = judgeCredentials(source, expiresAt, ports.clock.now());
      return finding.status === "failed" ? { finding } : { finding, value };
    },
  }, ports.clock);
}

/** Holds our own signature against AWS's library: who trusts that one may trust this one. */
function checkSignature(needs: Ready, ports: DoctorPorts): Step<unknown> {
  return startStep("signature", {
    needs,
    ...COMMON,
    async run([{ target }]): Promise<Checked<unknown>> {
      const isSame = await ports.isSignedAsByAws(target);
      return {
        finding: isSame
          ? { status: "ok", detail: "the same as @aws-sdk/rds-signer's" }
          : {
            status: "failed",
            kind: "failed",
            detail: "another one than @aws-sdk/rds-signer makes of the request",
            remedy: "Please report it: that is a fault of rdsiam",
          },
      };
    },
  }, ports.clock);
}

/** Asks who calls: what the checks of the identity and of the clock both judge. */
function startCaller(needs: Ready, ports: DoctorPorts): Step<Answer> {
  return startStep("identity", {
    needs,
    ...COMMON,
    async run([{ target }], signal) {
      return await askCaller(async () => {
        const { sts } = await ports.aws(target);
        return await sts.identity(homeOf(target), signal);
      }, ports.clock);
    },
  }, ports.clock);
}

function checkIdentity(
  needs: Ready,
  caller: Step<Answer>,
  clock: Clock,
): Step<CallerIdentity> {
  return startStep("identity", {
    needs,
    ...AFTERWARDS,
    async run(): Promise<Checked<CallerIdentity>> {
      const { finding, value } = await caller.checked;
      const known = value?.identity;
      return known === undefined ? { finding } : { finding, value: known };
    },
  }, clock);
}

function checkClock(
  needs: Ready,
  caller: Step<Answer>,
  os: DoctorRequest["os"],
  clock: Clock,
): Step<unknown> {
  return startStep("clock", {
    needs,
    ...AFTERWARDS,
    async run(): Promise<Checked<unknown>> {
      const { value } = await caller.checked;
      if (value?.server === undefined) {
        return { finding: skip("AWS did not tell its time") };
      }
      const { server, local } = value;
      return { finding: judgeClock({ server, local }, os) };
    },
  }, clock);
}

function checkDatabase(
  needs: Ready,
  words: DoctorRequest["words"],
  ports: DoctorPorts,
): Step<FoundDatabase> {
  return startStep("database", {
    needs,
    ...COMMON,
    async run([{ target }], signal): Promise<Checked<FoundDatabase>> {
      const region = homeOf(target);
      try {
        const { rds } = await ports.aws(target);
        const value = await rds.find(target.host, region, signal);
        if (value !== undefined) {
          return { finding: judgeDatabase(value, target, words), value };
        }
        const inventory = await rds.list(region, signal);
        return { finding: unknownDatabase(inventory, target, words) };
      } catch (error) {
        return { finding: unasked(error) };
      }
    },
  }, ports.clock);
}

function checkPolicy(
  needs: readonly [
    TargetSteps["configuration"],
    Step<CallerIdentity>,
    Step<FoundDatabase>,
  ],
  words: DoctorRequest["words"],
  ports: DoctorPorts,
): AwsSteps["policy"] {
  return startStep("policy", {
    needs,
    ...COMMON,
    async run([{ target }, { arn }, { database }], signal) {
      const { username } = target;
      const resource = connectArn({ ...database, username });
      try {
        const { iam } = await ports.aws(target);
        const simulation = await iam.simulate({
          callerArn: arn,
          action: "rds-db:connect",
          resource,
        }, signal);
        const { decision } = simulation;
        return {
          finding: judgePolicy(simulation, resource, words),
          value: {
            isAllowed: decision === "unknown"
              ? undefined
              : decision === "allowed",
          },
        };
      } catch (error) {
        return { finding: unasked(error) };
      }
    },
  }, ports.clock);
}

/** The region that the database is in, whatever one signs for. */
function homeOf({ host, region }: Target): string {
  return parseEndpoint(host)?.region ?? region;
}

/** Who the caller is, and the time by both clocks; AWS tells its time with a refusal, too. */
interface Answer {
  identity: CallerIdentity | undefined;
  server: number | undefined;
  local: number;
}

async function askCaller(
  ask: () => Promise<CallerIdentity>,
  clock: Clock,
): Promise<Checked<Answer>> {
  try {
    const identity = await ask();
    const local = clock.now();
    return {
      finding: { status: "ok", detail: identity.arn },
      value: { identity, server: identity.serverTime, local },
    };
  } catch (error) {
    const server = error instanceof AwsCallError ? error.serverTime : undefined;
    return {
      finding: isBadKey(error) ? badKey(error) : unasked(error),
      value: { identity: undefined, server, local: clock.now() },
    };
  }
}

function isBadKey(error: unknown): error is AwsCallError {
  return error instanceof AwsCallError && error.refusal === "credentials";
}

/** AWS does not take the key, and so no token of it. */
function badKey({ code, message, hint }: AwsCallError): Finding {
  const isOfTime = /^(Signature|Request|InvalidSignature)/.test(code);
  return {
    status: "failed",
    kind: "credentials",
    detail: message,
    remedy: hint,
    ...(isOfTime && { symptom: "signature" }),
    explains: ["token"],
  };
}

/** What AWS would not say stands in nobody's way. */
function unasked(error: unknown): Finding {
  if (error instanceof AwsCallError && error.refusal === "denied") {
    return skip(`no permission ${error.action}`);
  }
  return skip(errorMessage(error));
}

function skip(detail: string): Finding {
  return { status: "skipped", detail };
}

function skipLate(seconds: number): Finding {
  return skip(`no answer within ${seconds} s`);
}
