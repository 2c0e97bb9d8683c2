import assert from "node:assert/strict";
import fc from "fast-check";
import { quoteWindowsArgument } from "../../../core/daemon/windows_argument.ts";

/** Reads a command line by Microsoft's rules: 2n backslashes and a quote are n and a quote that counts, 2n+1 are n and `"`. */
function readArguments(line: string): string[] {
  const read: string[] = [];
  let current: string | undefined;
  let isQuoted = false;
  for (let i = 0; i < line.length; i++) {
    const [slashes = ""] = /^\\*/.exec(line.slice(i)) ?? [];
    if (slashes !== "") {
      i += slashes.length;
      const isBeforeQuote = line[i] === '"';
      const count = isBeforeQuote
        ? Math.floor(slashes.length / 2)
        : slashes.length;
      current = (current ?? "") + "\\".repeat(count);
      if (isBeforeQuote && slashes.length % 2 === 1) current += '"';
      else i--;
    } else if (line[i] === '"') {
      isQuoted = !isQuoted;
      current ??= "";
    } else if (line[i] === " " && !isQuoted) {
      if (current !== undefined) read.push(current);
      current = undefined;
    } else {
      current = (current ?? "") + line[i];
    }
  }
  return current === undefined ? read : [...read, current];
}

Deno.test("quoteWindowsArgument() quotes as Microsoft's examples have it", () => {
  assert.equal(quoteWindowsArgument("C:\\a\\b"), "C:\\a\\b");
  assert.equal(quoteWindowsArgument("C:\\a b\\"), '"C:\\a b\\\\"');
  assert.equal(quoteWindowsArgument('a\\"b'), '"a\\\\\\"b"');
  assert.equal(quoteWindowsArgument(""), '""');
});

Deno.test("quoteWindowsArgument() writes what the C runtime reads back exactly", () => {
  const odd = fc.string({ unit: fc.constantFrom("\\", '"', " ", "a", "%") });
  const words = fc.array(fc.oneof(odd, fc.string()));
  fc.assert(fc.property(words, (args) => {
    const line = args.map(quoteWindowsArgument).join(" ");
    assert.deepEqual(readArguments(line), args);
  }));
});
