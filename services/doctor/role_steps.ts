import { errorMessage } from "../../core/errors.ts";
import {
  judgeAccess,
  judgeRole,
  type RoleContext,
} from "../../core/doctor/judge/role.ts";
import {
  decodeRole,
  ROLE_SQL,
  type RoleFacts,
} from "../../core/doctor/judge/role_facts.ts";
import type { DatabaseSession } from "../../core/database/database.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { type Checked, skippedFor, startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** The checks of the role that logs in. */
export interface RoleSteps {
  role: Step<RoleView>;
  access: Step<unknown>;
}

/** What is known of a role, and what it is held against. */
interface RoleView {
  facts: RoleFacts;
  context: RoleContext;
}

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
    async run([{ target }]): Promise<Checked<DatabaseSession>> {
      const { finding, value } = await login.checked;
      if (value !== undefined) return { finding, value };
      const wasRefused = finding.status === "failed" &&
        (finding.symptom === "password" || finding.symptom === "refused");
      const logIn = wasRefused ? ports.logInAsAdmin(target) : undefined;
      if (logIn === undefined) {
        return finding.status === "skipped"
          ? { finding }
          : { finding: skippedFor("login") };
      }
      try {
        return { finding, value: resources.use(await logIn) };
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
      [{ target, admin }, { kind }, session],
    ): Promise<Checked<RoleView>> {
      const [row = ""] = await session.run(ROLE_SQL, [target.username]);
      const facts = decodeRole(row);
      const isBehindRdsProxy = kind === "proxy";
      const context = { target, words, admin, isBehindRdsProxy };
      return { finding: judgeRole(facts, context), value: { facts, context } };
    },
  }, clock);
  const role: Step<RoleView> = { name: "role", checked: conclude() };
  const access = startStep("access", {
    needs: [role],
    deadlineMs: QUERY_DEADLINE_MS,
    late: skipLate,
    run: ([{ facts, context }]) => ({
      finding: judgeAccess(facts, context),
    }),
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
