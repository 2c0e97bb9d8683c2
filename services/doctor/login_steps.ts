import { displayName } from "../../core/access/identifier.ts";
import type { Finding } from "../../core/doctor/check.ts";
import {
  judgeRefusal,
  type LoginEvidence,
} from "../../core/doctor/judge/login.ts";
import { judgeMysqlRefusal } from "../../core/doctor/judge/mysql_login.ts";
import { MysqlLoginRefused } from "../../core/database/mysql_login_refusal.ts";
import { LoginRefused } from "../../core/database/login_refusal.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import type { AwsSteps } from "./aws_steps.ts";
import type { NetworkSteps } from "./network_steps.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { type Checked, startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** How long a login may take, in milliseconds; RDS asks IAM meanwhile. */
const DEADLINE_MS = 30_000;

/** A login that was answered. */
type Answer =
  | { session: DatabaseSession }
  | { refused: LoginRefused | MysqlLoginRefused };

/** The checks that a login needs, and those that tell why it is refused. */
type Steps = TargetSteps & AwsSteps & NetworkSteps;

/** Starts the login with a token. The session ends with `resources`. */
export function checkLogin(
  steps: Steps,
  request: DoctorRequest,
  ports: DoctorPorts,
  resources: AsyncDisposableStack,
): Step<DatabaseSession> {
  const answer = startStep("login", {
    needs: [
      steps.configuration,
      steps.credentials,
      steps.dns,
      steps.tls,
    ],
    deadlineMs: DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      detail: `no answer to the login within ${seconds} s`,
    }),
    async run([{ target }, _, address, trust]): Promise<Checked<Answer>> {
      const { host: serverName, sslmode, username, database } = target;
      const { secret: password } = await ports.sign(target);
      const detail = `token accepted, ${displayName(username)} is in`;
      const finding: Finding = { status: "ok", detail };
      try {
        const databases = await ports.database(target);
        const session = await ports.through(target, (near) =>
          databases.logIn({
            ...{ address, near, serverName, sslmode, trust },
            ...{ username, database, password, method: "token" },
          }));
        resources.use(session);
        return { finding, value: { session } };
      } catch (error) {
        if (
          error instanceof LoginRefused || error instanceof MysqlLoginRefused
        ) return { finding, value: { refused: error } };
        throw error;
      }
    },
  }, ports.clock);
  return { name: "login", checked: conclude() };

  async function conclude(): Promise<Checked<DatabaseSession>> {
    const { finding, value } = await answer.checked;
    if (value === undefined) return { finding };
    return "session" in value
      ? { finding, value: value.session }
      : { finding: await explain(value.refused, steps, request) };
  }
}

/** Why a login was refused, as far as the other checks know; they have their own deadlines. */
async function explain(
  refused: LoginRefused | MysqlLoginRefused,
  { configuration, dns, database, policy }: Steps,
  { words }: DoctorRequest,
): Promise<Finding> {
  const [{ value: resolved }, { value: dialled }] = await Promise.all([
    configuration.checked,
    dns.checked,
  ]);
  if (resolved === undefined || dialled === undefined) {
    throw new RangeError("Cannot explain a login that was never tried");
  }
  const evidence: LoginEvidence = {
    target: resolved.target,
    words,
    admin: resolved.admin,
    address: dialled.host,
    database: (await database.checked).value,
    isAllowed: (await policy.checked).value?.isAllowed,
  };
  return refused instanceof LoginRefused
    ? judgeRefusal(refused.server, evidence)
    : judgeMysqlRefusal(refused.server, evidence);
}
