import {
  type CheckName,
  type CheckResult,
  CHECKS,
  type Finding,
  type Findings,
} from "../../core/doctor/check.ts";
import { conclude, ownResult } from "../../core/doctor/conclude.ts";
import { checkAws } from "./aws_steps.ts";
import { checkClients } from "./client_steps.ts";
import { checkLogin } from "./login_steps.ts";
import { checkNetwork } from "./network_steps.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { checkRole } from "./role_steps.ts";
import type { Step } from "./step.ts";
import { checkTarget } from "./target_steps.ts";

/**
 * Checks every link of the chain from the configuration to a session. Each check runs as soon as what it needs is known;
 * they are reported in their order, each as soon as nothing can change it any more.
 *
 * @param tell hears of each result
 */
export async function examine(
  request: DoctorRequest,
  ports: DoctorPorts,
  tell: (result: CheckResult) => void,
): Promise<readonly CheckResult[]> {
  await using resources = new AsyncDisposableStack();
  const target = checkTarget(request, ports);
  const aws = checkAws(target, request, ports);
  const network = checkNetwork({ ...target, ...aws }, request, ports);
  const way = { ...target, ...aws, ...network };
  const login = checkLogin(way, request, ports, resources);
  const role = checkRole({ ...target, login }, request, ports, resources);
  const clients = checkClients(target, request, ports);
  const steps: Readonly<Record<CheckName, Step<unknown>>> = {
    ...way,
    login,
    ...role,
    ...clients,
  };
  const findings = findingsOf(steps);
  const results: CheckResult[] = [];
  for (const check of CHECKS) {
    const { finding } = await steps[check].checked;
    if (finding.status === "skipped" && finding.isMissing) continue;
    const result: CheckResult = {
      check,
      ...ownResult(finding) ?? conclude(await findings)[check],
    };
    results.push(result);
    tell(result);
  }
  return results;
}

async function findingsOf(
  steps: Readonly<Record<CheckName, Step<unknown>>>,
): Promise<Findings> {
  const entries = await Promise.all(
    CHECKS.map(async (check): Promise<[CheckName, Finding]> => [
      check,
      (await steps[check].checked).finding,
    ]),
  );
  return Object.fromEntries(entries) as Findings;
}
