import { judgePasswords } from "../../core/doctor/judge/passwords.ts";
import { judgePsql } from "../../core/doctor/judge/psql.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** The checks of what clients on this machine have. */
export interface ClientSteps {
  psql: Step<unknown>;
  passwords: Step<unknown>;
}

const DEADLINE_MS = 5_000;

/** Starts the checks of what clients on this machine have; they are of PostgreSQL alone. */
export function checkClients(
  { configuration }: TargetSteps,
  { words }: DoctorRequest,
  { clock, findPsql, readPasswords }: DoctorPorts,
): ClientSteps {
  const common = {
    needs: [configuration],
    deadlineMs: DEADLINE_MS,
    late: (seconds: number) => skip(`no answer within ${seconds} s`),
  } as const;
  const psql = startStep("psql", {
    ...common,
    async run([{ target: { engine } }]) {
      if (engine !== "postgres") return { finding: skip("for postgres alone") };
      const found = await findPsql();
      return {
        finding: found === undefined
          ? skip("none on PATH")
          : judgePsql(found.path, found.version),
      };
    },
  }, clock);
  const passwords = startStep("passwords", {
    ...common,
    async run([{ target }]) {
      if (target.engine !== "postgres") {
        return { finding: skip("for postgres alone") };
      }
      const now = clock.now();
      const stored = await readPasswords();
      return { finding: judgePasswords(stored, target, { now, words }) };
    },
  }, clock);
  return { psql, passwords };
}

function skip(detail: string) {
  return { status: "skipped", detail } as const;
}
