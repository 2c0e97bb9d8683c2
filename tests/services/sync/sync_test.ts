import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import { UnreadableText } from "../../../core/writer/writer.ts";
import { firstError } from "../../../services/sync/sync.ts";
import { assertRdsiamError } from "../../rdsiam_error.ts";
import { fakeJob, fakeWriter, staticWriter, syncFixture } from "./fixture.ts";

Deno.test("Sync.round() puts a token of each target into the file", async () => {
  const { sync, files, clock } = syncFixture();
  await sync.setJobs([fakeJob(["a", "b"])]);
  const report = await sync.round();
  assert.match(files.content.get("/f") ?? "", /^a=token-\d\nb=token-\d\n$/);
  assert.deepEqual(
    report.written.map(({ names, changed }) => [names, changed]),
    [
      [["a", "b"], true],
    ],
  );
  assert.deepEqual([...files.secret], ["/f"]);
  assert.ok(sync.nextAt(clock.now()) >= clock.now() + 450_000);
});

Deno.test("Sync.round() writes the good targets when another has no credentials", async () => {
  const { sync, files, signer } = syncFixture();
  signer.answer = (request) =>
    request.username === "b"
      ? Promise.reject(new RdsiamError("credentials", "No AWS credentials"))
      : Promise.resolve(signer.token());
  await sync.setJobs([fakeJob(["a", "b"])]);
  const report = await sync.round();
  assert.equal(files.content.get("/f"), "a=token-1\n");
  assert.deepEqual(report.targetFailures.map(({ name }) => name), ["b"]);
  assertRdsiamError(firstError(report), {
    kind: "credentials",
    message: "No AWS credentials",
  });
  assert.deepEqual(sync.failing, ["b"]);
});

Deno.test("Sync.round() does not count what a writer has left out", async () => {
  const { sync } = syncFixture();
  const writer = fakeWriter();
  const { render } = writer;
  writer.render = async (entries, oldText) => ({
    ...await render(entries, oldText),
    leftOut: ["b"],
  });
  await sync.setJobs([fakeJob(["a", "b"], { writer })]);
  const [written] = (await sync.round()).written;
  const { names, leftOut, notices } = written ?? {};
  assert.deepEqual([names, leftOut], [["a"], ["b"]]);
  assert.deepEqual(notices, [
    "Left out, since such a file cannot hold it: b",
  ]);
  assert.deepEqual([...sync.served], ["a"]);
});

Deno.test("Sync.round() tells of a file that can hold none of its targets", async () => {
  const { sync } = syncFixture();
  const writer = fakeWriter();
  writer.render = (_, oldText) => ({
    newText: oldText,
    notices: ["Only for MySQL: a"],
    leftOut: ["a", "nobody"],
  });
  await sync.setJobs([fakeJob(["a"], { writer })]);
  const [written] = (await sync.round()).written;
  const { names, leftOut, notices } = written ?? {};
  assert.deepEqual([names, leftOut, notices], [[], ["a"], [
    "Only for MySQL: a",
  ]]);
});

Deno.test("Sync.round() leaves the file alone when no target has a token", async () => {
  const { sync, files, signer } = syncFixture();
  files.content.set("/f", "a=old\n");
  signer.fail();
  await sync.setJobs([fakeJob(["a"])]);
  const { written } = await sync.round();
  assert.deepEqual(written, []);
  assert.equal(files.content.get("/f"), "a=old\n");
});

Deno.test("Sync.round() signs nothing for a file without secrets, which need not be private", async () => {
  const { sync, files, signer, clock } = syncFixture();
  await sync.setJobs([fakeJob(["a"], { writer: staticWriter() })]);
  await sync.round();
  assert.equal(files.content.get("/f"), "a=\n");
  assert.equal(signer.calls, 0);
  assert.equal(files.secret.size, 0);
  assert.equal(sync.nextAt(clock.now()), Infinity);
});

Deno.test("Sync.round() renews each target in its own time, and writes only the files it stands in", async () => {
  const { sync, files, clock, signer } = syncFixture();
  await sync.setJobs([
    fakeJob(["a"]),
    fakeJob(["b"], { destination: { kind: "file", path: "/g" } }),
  ]);
  await sync.round();
  assert.equal(signer.calls, 2);
  await clock.advance(sync.nextAt(clock.now()) - clock.now());
  const { written } = await sync.round();
  assert.equal(signer.calls, 3);
  assert.equal(written.length, 1);
  assert.equal(
    (files.writes.get("/f") ?? 0) + (files.writes.get("/g") ?? 0),
    3,
  );
});

Deno.test("Sync.round() tries a file that could not be written again, a little later each time", async () => {
  const { sync, files, clock } = syncFixture();
  files.error = new RdsiamError("failed", "The disk is full");
  await sync.setJobs([fakeJob(["a"])]);
  const { failures } = await sync.round();
  assert.deepEqual(failures.map(({ what }) => what), ["/f"]);
  assert.equal(sync.nextAt(clock.now()), clock.now() + 1_000);
  await clock.advance(1_000);
  await sync.round();
  assert.equal(sync.nextAt(clock.now()), clock.now() + 2_000);
  files.error = undefined;
  await clock.advance(2_000);
  const { written } = await sync.round();
  assert.equal(written.length, 1);
  assert.match(files.content.get("/f") ?? "", /^a=token/);
});

Deno.test("Sync.round() names file and line that a writer cannot parse", async () => {
  const { sync, files } = syncFixture();
  files.content.set("/f", "old");
  const writer = fakeWriter({
    render() {
      throw new UnreadableText(7, "it has no equals sign");
    },
  });
  await sync.setJobs([fakeJob(["a"], { writer })]);
  assertRdsiamError(firstError(await sync.round()), {
    kind: "failed",
    message: 'File "/f" is left alone, line 7: it has no equals sign',
    hint: "Mend that line, or name another file",
  });
  assert.equal(files.content.get("/f"), "old");
});

Deno.test("Sync.round() says whose fault another writer's error is", async () => {
  const { sync } = syncFixture();
  const writer = fakeWriter({
    name: "broken",
    render() {
      throw new TypeError("x is undefined");
    },
  });
  await sync.setJobs([fakeJob(["a"], { writer })]);
  assertRdsiamError(firstError(await sync.round()), {
    kind: "failed",
    message: 'File "/f" cannot be written by broken: x is undefined',
  });
});

// security: writer-command
Deno.test("Sync.round() prints to standard output and feeds commands", async () => {
  const { sync, printed, shell } = syncFixture();
  await sync.setJobs([
    fakeJob(["a"], { destination: { kind: "stdout" } }),
    fakeJob(["a"], { destination: { kind: "command", command: "apply" } }),
  ]);
  await sync.round();
  assert.deepEqual(printed, ["a=token-1\n"]);
  assert.deepEqual(shell.ran, [
    { command: "apply", input: "a=token-1\n", environment: {} },
  ]);
});

// security: on-refresh-no-token
Deno.test("Sync.round() runs a command once after changes, and names the changed files", async () => {
  const { sync, shell } = syncFixture();
  const onRefresh = "reload";
  await sync.setJobs([
    fakeJob(["a"], { onRefresh }),
    fakeJob(["b"], { onRefresh, destination: { kind: "file", path: "/g" } }),
  ]);
  await sync.round();
  assert.deepEqual(shell.ran, [
    {
      command: onRefresh,
      input: "",
      environment: { RDSIAM_CHANGED: "/f\n/g" },
    },
  ]);
});

Deno.test("Sync.round() runs no command when nothing has changed, and reports one that fails", async () => {
  const { sync, shell, files } = syncFixture();
  files.content.set("/f", "a=\n");
  const writer = staticWriter();
  await sync.setJobs([fakeJob(["a"], { onRefresh: "reload", writer })]);
  await sync.round();
  assert.deepEqual(shell.ran, []);
  shell.error = new RdsiamError("failed", "It exited with 1");
  await sync.setJobs([fakeJob(["b"], { onRefresh: "reload", writer })]);
  const { failures } = await sync.round();
  assert.deepEqual(failures.map(({ what }) => what), ["--on-refresh"]);
});

Deno.test("Sync.setJobs() takes out targets and files that are gone, keeps tokens of the others", async () => {
  const { sync, files, signer } = syncFixture();
  files.content.set("/g", "mine=1\n");
  const other = { kind: "file", path: "/g" } as const;
  await sync.setJobs([
    fakeJob(["a", "b"]),
    fakeJob(["c"], { destination: other }),
  ]);
  await sync.round();
  await sync.setJobs([fakeJob(["b", "d"])]);
  await sync.round();
  assert.match(files.content.get("/f") ?? "", /^b=token-2\nd=token-4\n$/);
  assert.equal(files.content.get("/g"), "mine=1\n");
  assert.equal(signer.calls, 4);
});

Deno.test("Sync.removeAll() takes out what the jobs put there, and nothing else", async () => {
  const { sync, files } = syncFixture();
  files.content.set("/f", "mine=1\n");
  await sync.setJobs([fakeJob(["a"])]);
  await sync.round();
  assert.deepEqual(await sync.removeAll(), []);
  assert.equal(files.content.get("/f"), "mine=1\n");
});

Deno.test("Sync.round() puts the roots in place for a writer that names their file, and only then", async () => {
  const { sync, rootsProvided } = syncFixture();
  await sync.setJobs([fakeJob(["a"])]);
  await sync.round();
  assert.equal(rootsProvided(), 0);
  const seen: string[] = [];
  const writer = fakeWriter({
    render(entries) {
      seen.push(...entries.map(({ sslrootcert }) => sslrootcert));
      return { newText: "x" };
    },
  });
  await sync.setJobs([fakeJob(["a"], { writer })]);
  await sync.round();
  assert.equal(rootsProvided(), 1);
  assert.deepEqual(seen, ["/roots.pem"]);
});
