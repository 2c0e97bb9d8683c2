import assert from "node:assert/strict";
import {
  dropping,
  OutputError,
  Reporter,
  type Verbosity,
} from "../../../cli/frame/output.ts";
import { FakeOutput } from "../../fakes.ts";

function report(
  { isTerminal = false, environment = {}, verbosity = {} }: {
    isTerminal?: boolean;
    environment?: Record<string, string>;
    verbosity?: Verbosity;
  } = {},
): string {
  const output = new FakeOutput();
  output.isTerminal = isTerminal;
  const reporter = new Reporter(output, environment, verbosity);
  reporter.error("It failed", "Try again");
  reporter.warn("Look out");
  reporter.info("Going on");
  reporter.detail("host: x (PGHOST)");
  return output.text;
}

Deno.test("Reporter writes a line each", () => {
  assert.equal(
    report(),
    "error: It failed\nhint: Try again\nwarning: Look out\nGoing on\n",
  );
});

Deno.test("Reporter writes errors alone when quiet", () => {
  assert.equal(
    report({ verbosity: { quiet: true } }),
    "error: It failed\nhint: Try again\n",
  );
});

Deno.test("Reporter writes details when verbose", () => {
  const text = report({ verbosity: { verbose: true } });
  assert.match(text, /Going on\nhost: x \(PGHOST\)\n$/);
});

Deno.test("Reporter has colour on a terminal alone, unless it is not wanted", () => {
  assert.equal(
    report({ isTerminal: true, environment: { NO_COLOR: "" } }),
    "\x1b[1m\x1b[31merror:\x1b[39m\x1b[22m It failed\n" +
      "\x1b[1m\x1b[36mhint:\x1b[39m\x1b[22m Try again\n" +
      "\x1b[1m\x1b[33mwarning:\x1b[39m\x1b[22m Look out\nGoing on\n",
  );
  for (
    const options of [
      { environment: { NO_COLOR: "1" } },
      { environment: { TERM: "dumb" } },
      { verbosity: { color: false } },
    ]
  ) {
    const text = report({ isTerminal: true, ...options });
    assert.equal(text.includes("\x1b"), false);
  }
});

Deno.test("dropping() goes on where nobody reads, and hides no other error", () => {
  const output = (error: Error) =>
    dropping({
      isTerminal: false,
      write() {
        throw error;
      },
    });
  output(new Deno.errors.BrokenPipe()).write("x");
  output(new OutputError("disk full")).write("x");
  assert.throws(() => output(new TypeError("ours")).write("x"), TypeError);
});
