import type { CheckName, Finding } from "../../core/doctor/check.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { within } from "../../core/ports/within.ts";

/** What a check found. */
export interface Checked<Value> {
  finding: Finding;
  /** What other checks go on with; without it they are skipped. */
  value?: Value;
}

/** A check that runs. */
export interface Step<Value> {
  name: CheckName;
  /** Never rejects. */
  checked: Promise<Checked<Value>>;
}

/** A check that is to run. */
export interface StepPlan<Needs extends readonly Step<unknown>[], Value> {
  /** The checks whose values it goes on with. */
  needs: Needs;
  /** Checks. What it throws is its failure. */
  run: (
    values: ValuesOf<Needs>,
    signal: AbortSignal,
  ) => Promise<Checked<Value>> | Checked<Value>;
  /** How long it may take, in milliseconds. */
  deadlineMs: number;
  /** What it is worth that it takes longer. */
  late: (seconds: number) => Finding;
}

type ValuesOf<Needs extends readonly Step<unknown>[]> = {
  [Index in keyof Needs]: Needs[Index] extends Step<infer Value> ? Value
    : never;
};

/** Starts a check, which waits for those that it needs. */
export function startStep<
  const Needs extends readonly Step<unknown>[],
  Value,
>(
  name: CheckName,
  plan: StepPlan<Needs, Value>,
  clock: Clock,
): Step<Value> {
  return { name, checked: check(plan, clock) };
}

async function check<Needs extends readonly Step<unknown>[], Value>(
  { needs, run, deadlineMs, late }: StepPlan<Needs, Value>,
  clock: Clock,
): Promise<Checked<Value>> {
  const values: unknown[] = [];
  for (const { name, checked } of needs) {
    const { finding, value } = await checked;
    if (value === undefined) {
      // What that one needs is named, where it never ran itself.
      const missing = finding.status === "skipped" ? finding.needs : undefined;
      return { finding: skippedFor(missing ?? name) };
    }
    values.push(value);
  }
  try {
    return await within(
      clock,
      deadlineMs,
      () => new TooLate(),
      async (signal) => await run(values as ValuesOf<Needs>, signal),
    );
  } catch (error) {
    return {
      finding: error instanceof TooLate
        ? late(deadlineMs / 1000)
        : failure(error),
    };
  }
}

/** A check took longer than it may. */
class TooLate extends Error {}

/** That a check did not run for want of another. */
export function skippedFor(needs: CheckName): Finding {
  return { status: "skipped", detail: `needs ${needs}`, needs };
}

/** What an error that nobody expected here is as a finding. */
export function failure(error: unknown): Finding {
  const message = errorMessage(error);
  return error instanceof RdsiamError
    ? {
      status: "failed",
      kind: error.kind,
      detail: message,
      remedy: error.hint,
    }
    : { status: "failed", kind: "failed", detail: `Unexpected: ${message}` };
}
