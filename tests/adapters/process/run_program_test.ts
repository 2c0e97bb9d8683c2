import assert from "node:assert/strict";
import { runProgram } from "../../../adapters/process/run_program.ts";
import { ProgramError } from "../../../core/ports/program_error.ts";

const OPTIONS = {
  environment: { PATH: Deno.env.get("PATH") ?? "" },
  deadlineMs: 20_000,
  outputLimit: 1_000_000,
};

function sh(
  script: string,
  options: Partial<typeof OPTIONS> & { input?: string } = {},
) {
  return runProgram(["sh", "-c", script], { ...OPTIONS, ...options });
}

Deno.test("runProgram() tells what a program printed and how it ended", async () => {
  assert.deepEqual(await sh("echo out; echo grün >&2; exit 3"), {
    code: 3,
    stdout: "out\n",
    stderr: "grün\n",
  });
  assert.equal((await sh("kill -TERM $$")).code, 143);
});

Deno.test("runProgram() feeds a program, also one that does not listen", async () => {
  const input = "größer ".repeat(100_000);
  const { stdout } = await sh("cat", { input });
  assert.equal(stdout, input);
  assert.deepEqual(await sh("exec <&-; echo done", { input }), {
    code: 0,
    stdout: "done\n",
    stderr: "",
  });
  assert.equal((await sh("cat")).stdout, "");
});

Deno.test("runProgram() gives a program the environment that it is given", async () => {
  const environment = { ...OPTIONS.environment, MARK: "a b" };
  assert.equal(
    (await sh('echo "$MARK$HOME"', { environment })).stdout,
    "a b\n",
  );
});

Deno.test("runProgram() kills what takes too long, whatever it left running", async () => {
  const script = "trap '' TERM; sleep 5 & exec sleep 600";
  await assert.rejects(sh(script, { deadlineMs: 300 }), {
    message: "It took longer than 0.3 s",
  });
  await assert.rejects(
    sh("exec 3<&0; sleep 5 <&3 & exec sleep 600", {
      deadlineMs: 300,
      input: "x".repeat(1_000_000),
    }),
    { message: "It took longer than 0.3 s" },
  );
  await assert.rejects(
    sh("sleep 5 & exit 0", { deadlineMs: 300 }),
    { message: "It took longer than 0.3 s" },
  );
});

Deno.test("runProgram() kills what prints too much", async () => {
  await assert.rejects(sh("exec yes", { outputLimit: 1000 }), {
    message: "It printed more than 1000 bytes",
  });
  const { stdout } = await sh("printf 12345", { outputLimit: 5 });
  assert.equal(stdout, "12345");
});

Deno.test("runProgram() keeps the beginning of many complaints", async () => {
  const { code, stderr } = await sh("yes | head -c 1000000 >&2");
  assert.deepEqual([code, stderr.length], [0, 65536]);
});

Deno.test("runProgram() says that a program is not there", async () => {
  await assert.rejects(
    runProgram(["no-such-program"], OPTIONS),
    (error) => error instanceof ProgramError && error.exitCode === 127,
  );
});
