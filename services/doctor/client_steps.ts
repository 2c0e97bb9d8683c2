import type { Finding } from "../../core/doctor/check.ts";
import { judgeMysqlClient } from "../../core/doctor/judge/mysql_client.ts";
import { judgePasswords } from "../../core/doctor/judge/passwords.ts";
import { judgePsql } from "../../core/doctor/judge/psql.ts";
import type { Protocol } from "../../core/engine/engine.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** The checks of what clients on this machine have. */
export interface ClientSteps {
  psql: Step<unknown>;
  client: Step<unknown>;
  passwords: Step<unknown>;
}

const DEADLINE_MS = 5_000;

/** Starts the checks of what clients on this machine have. */
export function checkClients(
  { configuration }: TargetSteps,
  { words }: DoctorRequest,
  { clock, findClient, readPasswords }: DoctorPorts,
): ClientSteps {
  const common = {
    needs: [configuration],
    deadlineMs: DEADLINE_MS,
    late: (seconds: number) => skip(`no answer within ${seconds} s`),
  } as const;
  function checkProgram(
    name: "psql" | "client",
    protocol: Protocol,
    judge: (path: string, version: string) => Finding,
  ) {
    return startStep(name, {
      ...common,
      async run([{ target: { engine } }]) {
        if (ENGINES[engine].protocol !== protocol) {
          return { finding: { ...skip("of another engine"), isMissing: true } };
        }
        const found = await findClient(engine);
        const finding = found === undefined
          ? skip("none on PATH")
          : judge(found.path, found.version);
        return { finding };
      },
    }, clock);
  }
  const passwords = startStep("passwords", {
    ...common,
    async run([{ target }]) {
      const now = clock.now();
      const stored = await readPasswords(target);
      return { finding: judgePasswords(stored, target, { now, words }) };
    },
  }, clock);
  return {
    psql: checkProgram("psql", "postgres", judgePsql),
    client: checkProgram("client", "mysql", judgeMysqlClient),
    passwords,
  };
}

function skip(detail: string) {
  return { status: "skipped", detail } as const;
}
