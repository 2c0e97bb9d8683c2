import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import { Reporter } from "../../../cli/frame/output.ts";
import { WatchOutput } from "../../../cli/sync/watch_output.ts";
import { FakeOutput, START } from "../../fakes.ts";
import { fakeJob, syncFixture } from "../../services/sync/fixture.ts";

const NO_CREDENTIALS = new RdsiamError("credentials", "No AWS credentials", {
  hint: "Log in",
});

function outputFixture({ json = false, terminal = false } = {}) {
  const fixture = syncFixture();
  const stdout = new FakeOutput();
  const stderr = new FakeOutput();
  const output = new WatchOutput({
    sync: fixture.sync,
    reporter: new Reporter(stderr, {}),
    json: json ? stdout : undefined,
    terminal: terminal ? { output: stderr, columns: () => 80 } : undefined,
  });
  return { ...fixture, stdout, stderr, output };
}

Deno.test("WatchOutput tells of the first writing, and is quiet about the next", async () => {
  const { sync, clock, output, stderr } = outputFixture();
  await sync.setJobs([fakeJob(["a", "b"])]);
  output.round(await sync.round());
  assert.match(stderr.text, /^\/f: a, b, good until \d\d:\d\d:\d\d\n$/);
  await clock.advance(600_000);
  output.round(await sync.round());
  assert.equal(stderr.text.split("\n").length, 2);
});

Deno.test("WatchOutput tells once of targets that cannot be renewed, by cause, and when they can again", async () => {
  const { sync, clock, signer, output, stderr } = outputFixture();
  await sync.setJobs([fakeJob(["a", "b", "c", "d", "e"])]);
  output.round(await sync.round());
  stderr.text = "";
  signer.answer = () => Promise.reject(NO_CREDENTIALS);
  sync.hasten();
  output.round(await sync.round());
  await clock.advance(1_000);
  output.round(await sync.round());
  assert.equal(
    stderr.text,
    "error: a, b, c and 2 more cannot be renewed: No AWS credentials\nhint: Log in\n",
  );
  stderr.text = "";
  signer.recover();
  await clock.advance(2_000);
  output.round(await sync.round());
  assert.equal(stderr.text, "a, b, c and 2 more: renewed again\n");
});

Deno.test("WatchOutput tells once of a file that cannot be written", async () => {
  const { sync, clock, files, output, stderr } = outputFixture();
  files.error = new RdsiamError("failed", "The disk is full");
  await sync.setJobs([fakeJob(["a"])]);
  output.round(await sync.round());
  await clock.advance(1_000);
  output.round(await sync.round());
  assert.equal(stderr.text, "error: The disk is full\n");
});

Deno.test("WatchOutput prints a JSON line for each file and failure", async () => {
  const { sync, signer, output, stdout } = outputFixture({ json: true });
  signer.answer = (request) =>
    request.username === "b"
      ? Promise.reject(NO_CREDENTIALS)
      : Promise.resolve(signer.token());
  await sync.setJobs([fakeJob(["a", "b"])]);
  output.round(await sync.round());
  output.reloaded(undefined);
  output.end();
  const lines = stdout.text.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assert.deepEqual(lines, [
    {
      event: "written",
      writer: "fake",
      path: "/f",
      changed: true,
      targets: [{
        name: "a",
        expiresAt: new Date(START + 900_000).toISOString(),
      }],
      leftOut: [],
      notices: [],
    },
    {
      event: "failed",
      target: "b",
      error: "No AWS credentials",
      hint: "Log in",
    },
    { event: "reloaded" },
    { event: "stopped" },
  ]);
});

Deno.test("WatchOutput draws a status line, and takes it away for other text", async () => {
  const { sync, clock, output, stderr } = outputFixture({ terminal: true });
  await sync.setJobs([fakeJob(["a"])]);
  output.round(await sync.round());
  stderr.text = "";
  output.tick(clock.now());
  assert.equal(stderr.text, "\r\x1b[Ka 15:00");
  output.reloaded(new RdsiamError("usage", "Line 3 is wrong"));
  assert.equal(
    stderr.text,
    "\r\x1b[Ka 15:00\r\x1b[Kerror: The changed configuration is not used: Line 3 is wrong\n",
  );
});
