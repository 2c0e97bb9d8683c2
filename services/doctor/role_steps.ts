import { errorMessage } from "../../core/errors.ts";
import type { Symptom } from "../../core/doctor/check.ts";
import type { Protocol } from "../../core/engine/engine.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { type Checked, skippedFor, startStep, type Step } from "./step.ts";
import {
  lookAtAccounts,
  lookAtOwnAccount,
  lookAtRole,
  type RoleView,
} from "./role_view.ts";
import type { TargetSteps } from "./target_steps.ts";

/** The checks of the role that logs in. */
export interface RoleSteps {
  role: Step<RoleView>;
  access: Step<unknown>;
}

/** Who looks: the role itself, or an administrator. */
interface Looking {
  session: DatabaseSession;
  isItself: boolean;
}

/**
 * What may have its cause in the role. PostgreSQL refuses a token as such where the role is in `rds_iam` alone; MariaDB may
 * ask for one and refuse it where there is no account, so as not to tell.
 */
const MAY_BE_THE_ROLE: Readonly<Record<Protocol, readonly Symptom[]>> = {
  postgres: ["password", "refused"],
  mysql: ["password", "refused", "token"],
};

const QUERY_DEADLINE_MS = 10_000;

/** How long looking as the administrator may take, in milliseconds: someone may have to type a password. */
const ADMIN_DEADLINE_MS = 120_000;

/** Starts the checks of the role: it looks at itself or, when it is not let in, the administrator does. */
export function checkRole(
  { configuration, endpoint, login }: TargetSteps & {
    login: Step<DatabaseSession>;
  },
  { words }: DoctorRequest,
  ports: DoctorPorts,
  resources: AsyncDisposableStack,
): RoleSteps {
  const { clock } = ports;
  const admin = startStep("login", {
    needs: [configuration],
    deadlineMs: ADMIN_DEADLINE_MS,
    late: skipLate,
    async run([{ target }]): Promise<Checked<Looking>> {
      const { finding, value } = await login.checked;
      if (value !== undefined) {
        return { finding, value: { session: value, isItself: true } };
      }
      const symptoms = MAY_BE_THE_ROLE[ENGINES[target.engine].protocol];
      const wasRefused = finding.status === "failed" &&
        finding.symptom !== undefined && symptoms.includes(finding.symptom);
      const logIn = wasRefused ? ports.logInAsAdmin(target) : undefined;
      if (logIn === undefined) {
        return finding.status === "skipped"
          ? { finding }
          : { finding: skippedFor("login") };
      }
      try {
        const session = resources.use(await logIn);
        return { finding, value: { session, isItself: false } };
      } catch (error) {
        const why = errorMessage(error);
        const detail = `the administrator could not look: ${why}`;
        return { finding: { status: "skipped", detail } };
      }
    },
  }, clock);
  const view = startStep("role", {
    needs: [configuration, endpoint, admin],
    deadlineMs: QUERY_DEADLINE_MS,
    late: skipLate,
    async run(
      [{ target, admin }, { kind }, { session, isItself }],
    ): Promise<Checked<RoleView>> {
      const isBehindRdsProxy = kind === "proxy";
      const context = { target, words, admin, isBehindRdsProxy };
      const value = ENGINES[target.engine].protocol === "postgres"
        ? await lookAtRole(session, context)
        : isItself
        ? await lookAtOwnAccount(session, context)
        : await lookAtAccounts(session, context);
      return { finding: value.role, value };
    },
  }, clock);
  const role: Step<RoleView> = { name: "role", checked: conclude() };
  const access = startStep("access", {
    needs: [role],
    deadlineMs: QUERY_DEADLINE_MS,
    late: skipLate,
    run: ([{ access }]) => ({ finding: access }),
  }, clock);
  return { role, access };

  /** Where nobody looks, what prevented it is reported. */
  async function conclude(): Promise<Checked<RoleView>> {
    const { finding, value } = await admin.checked;
    return value === undefined && finding.status === "skipped"
      ? { finding }
      : await view.checked;
  }
}

function skipLate(seconds: number) {
  return {
    status: "skipped",
    detail: `no answer within ${seconds} s`,
  } as const;
}
