import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CheckName,
  type CheckResult,
  CHECKS,
  type Finding,
  type Findings,
  type Suspect,
  type Symptom,
} from "../../../core/doctor/check.ts";
import { conclude, ownResult, verdict } from "../../../core/doctor/conclude.ts";

const OK: Finding = { status: "ok", detail: "fine" };

/** Findings of which all but these are fine. */
function findings(changes: Partial<Record<CheckName, Finding>>): Findings {
  return {
    ...Object.fromEntries(CHECKS.map((name) => [name, OK])),
    ...changes,
  } as Findings;
}

function suspect(...explains: Symptom[]): Suspect {
  return { status: "suspect", kind: "refused", detail: "odd", explains };
}

function failed(symptom?: Symptom): Finding {
  return { status: "failed", kind: "refused", detail: "no", symptom };
}

function statuses(changes: Partial<Record<CheckName, Finding>>) {
  const results = conclude(findings(changes));
  return Object.fromEntries(
    CHECKS.filter((name) => results[name].status !== "ok")
      .map((name) => [name, results[name].status]),
  );
}

Deno.test("conclude() makes a suspect the cause of what it explains, and of nothing else", () => {
  assert.deepEqual(
    statuses({ clock: suspect("token"), login: failed("token") }),
    { clock: "failed", login: "skipped" },
  );
  assert.deepEqual(
    statuses({ clock: suspect("token"), login: failed("password") }),
    { clock: "warning", login: "failed" },
  );
});

Deno.test("conclude() takes the first of several suspects, and warns of the others", () => {
  assert.deepEqual(
    statuses({
      region: suspect("token"),
      policy: suspect("token"),
      login: failed("token"),
    }),
    { region: "failed", policy: "warning", login: "skipped" },
  );
});

Deno.test("conclude() does not blame a consequence", () => {
  assert.deepEqual(
    statuses({
      identity: { ...failed("signature"), explains: ["token"] } as Finding,
      clock: suspect("signature", "token"),
      login: failed("token"),
    }),
    { identity: "skipped", clock: "failed", login: "skipped" },
  );
});

Deno.test("conclude() takes suspects for causes where no login could tell", () => {
  assert.deepEqual(
    statuses({
      database: suspect("password"),
      login: { status: "skipped", detail: "needs tls" },
    }),
    { database: "failed", login: "skipped" },
  );
});

const someFinding = fc.oneof(
  fc.constant(OK),
  fc.constant<Finding>({ status: "warning", detail: "odd" }),
  fc.constant<Finding>({ status: "skipped", detail: "needs tcp" }),
  fc.constant(failed()),
  fc.constantFrom<Symptom>("dns", "tcp", "token", "password").map(failed),
  fc.subarray<Symptom>(["dns", "tcp", "token", "password"])
    .map((explains) => suspect(...explains)),
);
const someFindings = fc.tuple(...CHECKS.map(() => someFinding))
  .map((all) =>
    Object.fromEntries(
      CHECKS.map((name, index) => [name, all[index]]),
    ) as unknown as Findings
  );

Deno.test("conclude() leaves a cause wherever something failed", () => {
  fc.assert(fc.property(someFindings, (findings) => {
    const results = conclude(findings);
    const hadFailure = CHECKS.some((name) =>
      findings[name].status === "failed"
    );
    const hasFailure = CHECKS.some((name) => results[name].status === "failed");
    if (hadFailure) assert.ok(hasFailure);
  }));
});

Deno.test("conclude() never changes what ownResult() has told already", () => {
  fc.assert(fc.property(someFindings, (findings) => {
    const results = conclude(findings);
    for (const name of CHECKS) {
      const told = ownResult(findings[name]);
      if (told !== undefined) assert.deepEqual(results[name], told);
    }
  }));
});

Deno.test("verdict() names what failed, else the command that logs in", () => {
  const ok: CheckResult = { check: "login", status: "ok", detail: "" };
  const odd: CheckResult = { check: "psql", status: "warning", detail: "" };
  const failed: CheckResult = {
    check: "tcp",
    status: "failed",
    kind: "unreachable",
    detail: "",
  };
  assert.equal(verdict([ok], "go"), "The login works: go");
  assert.equal(verdict([ok, odd], "go"), "The login works, with 1 warning: go");
  assert.equal(
    verdict([odd, odd], "go"),
    "Nothing wrong was found, with 2 warnings; the login itself was not tried: go",
  );
  assert.equal(
    verdict([failed, { ...failed, check: "credentials" }, odd], "go"),
    "Stopped at tcp and credentials: fix that, then run rdsiam doctor again",
  );
});
