import assert from "node:assert/strict";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { AwsQueryServer } from "../../aws/server.ts";
import { KEY, rdsiam } from "../rdsiam.ts";

/** A cause that is staged, and what is to be said of it. */
export interface Stage {
  /** The options beside those that lead to the emulator. */
  args: readonly string[];
  env?: Record<string, string>;
  /** What RDS knows of the database. */
  database?: RdsDatabase;
  /** Makes AWS as the cause has it. */
  aws?: (server: AwsQueryServer) => void;
  /** The check that is the first and only one to fail. */
  check: string;
  detail: string;
  /** The remedy, or how it begins. */
  remedy: string;
  code: number;
}

/** What `doctor` says of one link. */
export interface Checked {
  check: string;
  status: string;
  detail: string;
  remedy?: string;
}

/** Runs `doctor` beside an AWS of the stage's. */
export async function runDoctor(
  { options }: { options: readonly string[] },
  { args, env, database, aws }: Pick<
    Stage,
    "args" | "env" | "database" | "aws"
  >,
): Promise<
  { code: number; checks: readonly Checked[]; cause: Checked | null }
> {
  await using server = new AwsQueryServer(database && [database]);
  aws?.(server);
  const { code, stdout, stderr } = await rdsiam(
    ["doctor", ...options, "--json", ...args],
    {
      env: { ...server.env, ...KEY, PGPASSFILE: "/nonexistent/pgpass", ...env },
    },
  );
  assert.equal(stderr, "");
  return { code, ...JSON.parse(stdout) };
}

/** Stages a cause, and asserts what `doctor` names, first and alone. */
export async function assertNamed(
  emulator: { options: readonly string[] },
  stage: Stage,
): Promise<void> {
  const { code, checks, cause } = await runDoctor(emulator, stage);
  const failed = checks.filter(({ status }) => status === "failed");
  assert.deepEqual(failed, [cause], stage.check);
  assert.equal(cause?.check, stage.check, cause?.detail);
  assert.equal(cause.detail, stage.detail);
  assert.equal(cause.remedy?.slice(0, stage.remedy.length), stage.remedy);
  assert.equal(code, stage.code);
}

/** The beginning of a remedy that asks once more. */
export function again(...options: string[]): string {
  return ["rdsiam doctor", ...options].join(" ");
}
