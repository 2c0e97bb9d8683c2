import assert from "node:assert/strict";
import { createEventLog } from "../../../cli/proxy/log.ts";
import { OutputError, Reporter } from "../../../cli/frame/output.ts";
import type { ProxyEvent } from "../../../services/proxy/events.ts";
import { FakeOutput, START } from "../../fakes.ts";

const LOGIN: ProxyEvent = {
  ...{ kind: "login", client: "127.0.0.1", target: "orders" },
  ...{ username: "app", database: "db", connectMs: 3, loginMs: 4 },
};
const REFUSAL: ProxyEvent = {
  ...{ kind: "refusal", client: "127.0.0.1", target: "orders" },
  ...{ reason: "refused", message: 'PAM "x\ny\x1b[2J"' },
  ...{ why: "the token is not accepted", hint: "Check it" },
};

function log({ json = false, verbose = false } = {}) {
  const [stdout, stderr] = [new FakeOutput(), new FakeOutput()];
  const reporter = new Reporter(stderr, {}, { verbose });
  const tell = createEventLog({ reporter, stdout, json, now: () => START });
  return { stdout, stderr, tell };
}

Deno.test("createEventLog() tells of a failed login in one line, whatever the client calls itself", () => {
  const { stderr, tell } = log();
  tell(LOGIN);
  tell(REFUSAL);
  assert.equal(
    stderr.text,
    'warning: 2026-01-15T12:34:56.000Z 127.0.0.1 to orders: refused: PAM "x\\u000ay\\u001b[2J": the token is not accepted (Check it)\n',
  );
});

Deno.test("createEventLog() tells of everything to who wants to know", () => {
  const { stderr, stdout, tell } = log({ verbose: true });
  tell(LOGIN);
  tell({
    ...{ kind: "end", client: "unix", target: "orders", endedBy: "signal" },
    ...{ fromClient: 1, fromUpstream: 2, durationMs: 5 },
  });
  tell({ kind: "cancel", client: "unix", target: "orders" });
  tell({ kind: "error", client: "unix", message: "no cipher" });
  assert.deepEqual(
    stderr.text.replaceAll("2026-01-15T12:34:56.000Z ", "").split("\n"),
    [
      "127.0.0.1 to orders: let in as app to db, connected in 3 ms, logged in in 4 ms",
      "unix to orders: ended by the proxy after 5 ms, 1 bytes from client, 2 from database",
      "unix to orders: cancel request",
      "warning: unix: given up: no cipher",
      "",
    ],
  );
  assert.equal(stdout.text, "");
});

Deno.test("createEventLog() writes each event as a JSON line", () => {
  const { stdout, tell } = log({ json: true });
  tell(LOGIN);
  assert.deepEqual(JSON.parse(stdout.text), {
    ...{ event: "login", time: "2026-01-15T12:34:56.000Z" },
    ...{ client: "127.0.0.1", target: "orders", username: "app" },
    ...{ database: "db", connectMs: 3, loginMs: 4 },
  });
  tell(REFUSAL);
  assert.equal(stdout.text.split("\n").length, 3);
});

/** An output that fails like this. */
function failing(error: Error): FakeOutput {
  const output = new FakeOutput();
  output.write = () => {
    throw error;
  };
  return output;
}

Deno.test("createEventLog() says once where events cannot be written any more, and goes on", () => {
  const stderr = new FakeOutput();
  const tell = createEventLog({
    reporter: new Reporter(stderr, {}),
    stdout: failing(new OutputError(new Error("no space left on device"))),
    json: true,
    now: () => START,
  });
  tell(LOGIN);
  tell(LOGIN);
  assert.equal(
    stderr.text,
    "warning: The proxy's events cannot be written: Output cannot be written: no space left on device\n",
  );
});

Deno.test("createEventLog() goes on when nobody reads anything any more, and passes on what is no fault of its outputs", () => {
  const log = (error: Error) =>
    createEventLog({
      reporter: new Reporter(failing(error), {}),
      ...{ stdout: failing(error), json: true, now: () => START },
    });
  log(new Deno.errors.BrokenPipe("broken pipe"))(REFUSAL);
  assert.throws(() => log(new TypeError("ours"))(REFUSAL), TypeError);
});
