import assert from "node:assert/strict";
import { join } from "node:path";
import { runCredentialProcess } from "../../../adapters/credentials/credential_process.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { systemClock } from "../../../adapters/process/clock.ts";
import { writeProgram } from "../release/program.ts";
import { temporaryFolder } from "../temporary_folder.ts";

/** Runs a shell script as the process of profile `vault`. */
async function runScript(script: string, deadlineMs?: number) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "credential program");
  await writeProgram(path, script);
  return await runCredentialProcess(`"${path}" one`, {
    profile: "vault",
    environment: { PATH: Deno.env.get("PATH") },
    clock: systemClock,
    deadlineMs,
  });
}

async function assertRefuses(script: string, message: string) {
  await assert.rejects(runScript(script), (error) => {
    assert.ok(error instanceof RdsiamError);
    assert.deepEqual([error.kind, error.message], [
      "credentials",
      `The credential_process of profile "vault" ${message}`,
    ]);
    assert.doesNotMatch(Deno.inspect(error), /hunter2/);
    return true;
  });
}

const ANSWER = '"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"hunter2"';

Deno.test("runCredentialProcess() passes arguments on, and reads a key with and without an end", async () => {
  const whole = await runScript(
    `test "$1" = one && echo '{${ANSWER},"SessionToken":"t","Expiration":"2100-01-01T00:00:00Z"}'`,
  );
  assert.deepEqual([whole.id, whole.sessionToken?.reveal(), whole.expiresAt], [
    "ASIA",
    "t",
    Date.parse("2100-01-01T00:00:00Z"),
  ]);
  const plain = await runScript(`echo '{${ANSWER}}'`);
  assert.equal(plain.expiresAt, undefined);
});

for (
  const [script, message] of [
    [
      "echo first >&2; echo 'vault: sealed' >&2; echo hunter2; exit 7",
      "failed with exit code 7",
    ],
    ["echo hunter2", "gave no usable credentials: it did not print JSON"],
    ["echo null", "gave no usable credentials: its Version is not 1"],
    [
      `echo '{"Version":1,"AccessKeyId":"","SecretAccessKey":"hunter2"}'`,
      "gave no usable credentials: AccessKeyId is missing",
    ],
    [
      `echo '{"Version":1,"AccessKeyId":"A"}'`,
      "gave no usable credentials: SecretAccessKey is missing",
    ],
    [
      `echo '{${ANSWER},"Expiration":"garbage"}'`,
      "gave no usable credentials: its Expiration is not a date",
    ],
    [
      `echo '{${ANSWER},"Expiration":"2020-01-01T00:00:00Z"}'`,
      "gave no usable credentials: they have expired",
    ],
  ] as const
) {
  Deno.test(`runCredentialProcess() says that it ${message}`, async () => {
    await assertRefuses(script, message);
  });
}

Deno.test("runCredentialProcess() says that a program is not there", async () => {
  await assert.rejects(
    runCredentialProcess("~/no/such", {
      profile: "vault",
      environment: {},
      clock: systemClock,
      deadlineMs: undefined,
    }),
    {
      message: 'The credential_process of profile "vault" cannot be started',
      hint:
        "Write the whole path of the program; no shell runs it, so ~ and $ mean nothing",
    },
  );
});

Deno.test("runCredentialProcess() gives a program up that hangs, and ends what it has started", async () => {
  await using folder = await temporaryFolder();
  const pids = join(folder.path, "pids");
  await assert.rejects(
    runScript(`sleep 1000 & echo $! > ${pids}; echo $$ >> ${pids}; wait`, 500),
    {
      kind: "credentials",
      message:
        'The credential_process of profile "vault" gave no answer within 0.5 seconds',
    },
  );
  if (Deno.build.os !== "linux") return;
  const [child = "", own = ""] = (await Deno.readTextFile(pids)).split("\n");
  for (const pid of [child, own]) {
    await untilGone(Number(pid));
  }
});

/** Waits until a process has ended; the test's own time limit is the deadline. */
async function untilGone(pid: number) {
  while (await isRunning(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function isRunning(pid: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}
