import {
  type CheckName,
  type CheckResult,
  CHECKS,
  type Finding,
  type Findings,
  type Result,
  type Results,
  type Symptom,
} from "./check.ts";

/** What a finding comes to whatever the other links show; `undefined` where that matters. */
export function ownResult(finding: Finding): Result | undefined {
  return finding.status === "suspect" ||
      finding.status === "failed" && finding.symptom !== undefined
    ? undefined
    : resultOf(finding, false);
}

/**
 * Holds the findings against each other, so that a cause is named once: what it shows by is a consequence, and what
 * looks wrong although it is no cause of what shows is a warning.
 */
export function conclude(findings: Findings): Results {
  const culprits = new Set<CheckName>();
  const results: Partial<Record<CheckName, Result>> = {};
  for (const name of CHECKS) {
    const finding = findings[name];
    if (finding.status !== "failed" || finding.symptom === undefined) continue;
    const { symptom } = finding;
    const culprit = CHECKS.find((other) =>
      other !== name && results[other] === undefined &&
      explains(findings[other], symptom)
    );
    if (culprit === undefined) continue;
    culprits.add(culprit);
    results[name] = { status: "skipped", detail: consequence(name, culprit) };
  }
  const isJudged = findings.login.status !== "skipped" || hasFailure(findings);
  for (const name of CHECKS) {
    results[name] ??= resultOf(
      findings[name],
      culprits.has(name) || !isJudged,
    );
  }
  return results as Results;
}

function explains(finding: Finding, symptom: Symptom): boolean {
  const isWrong = finding.status === "suspect" || finding.status === "failed";
  return isWrong && (finding.explains ?? []).includes(symptom);
}

function hasFailure(findings: Findings): boolean {
  return CHECKS.some((name) => findings[name].status === "failed");
}

function consequence(name: CheckName, culprit: CheckName): string {
  const what: Partial<Record<CheckName, string>> = {
    identity: "AWS takes no signature",
    dns: "no address",
    tcp: "no connection",
    tls: "not trusted",
    login: "refused",
  };
  return `${what[name] ?? "failed"}, because of ${culprit}`;
}

function resultOf(finding: Finding, isCulprit: boolean): Result {
  switch (finding.status) {
    case "suspect": {
      const { kind, detail, remedy } = finding;
      return isCulprit
        ? { status: "failed", kind, detail, remedy }
        : { status: "warning", detail, remedy };
    }
    case "failed": {
      const { kind, detail, remedy } = finding;
      return { status: "failed", kind, detail, remedy };
    }
    default:
      return finding;
  }
}

/**
 * What the doctor says in the end, in one line.
 *
 * @param next the command that logs in
 */
export function verdict(
  results: readonly CheckResult[],
  next: string,
): string {
  function having(status: CheckResult["status"]) {
    return results.filter((result) => result.status === status)
      .map(({ check }) => check);
  }
  const failed = having("failed");
  if (failed.length > 0) {
    return `Stopped at ${
      failed.join(" and ")
    }: fix that, then run rdsiam doctor again`;
  }
  const warnings = having("warning");
  const aside = warnings.length === 0
    ? ""
    : warnings.length === 1
    ? ", with 1 warning"
    : `, with ${warnings.length} warnings`;
  return having("ok").includes("login")
    ? `The login works${aside}: ${next}`
    : `Nothing wrong was found${aside}; the login itself was not tried: ${next}`;
}
