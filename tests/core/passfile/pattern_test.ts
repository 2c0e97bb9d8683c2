import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type PassfilePattern,
  PatternIndex,
} from "../../../core/passfile/pattern.ts";

const name = fc.constantFrom(undefined, "a", "*", "=a");
const named = fc.constantFrom("a", "*", "=a");
const patterns = fc.array(fc.tuple(name, name, name, name));

/** Whether a line that is for `line` would also be read for `wanted`. */
function isShadow(line: PassfilePattern, wanted: PassfilePattern): boolean {
  return line.every((field, index) =>
    field === undefined || wanted[index] === undefined ||
    field === wanted[index]
  );
}

for (const oneDatabase of [false, true]) {
  Deno.test(`PatternIndex.first() finds what comparing with each line does, for ${oneDatabase ? "one database" : "any database"}`, () => {
    fc.assert(fc.property(
      patterns,
      fc.tuple(named, named, named, named),
      (lines, [host, port, database, username]) => {
        const wanted = [
          host,
          port,
          oneDatabase ? database : undefined,
          username,
        ];
        const index = new PatternIndex({ oneDatabase });
        for (const [position, line] of lines.entries()) {
          index.add(line, position);
        }
        const first = lines.findIndex((line) => isShadow(line, wanted));
        assert.equal(index.first(wanted), first < 0 ? undefined : first);
      },
    ));
  });
}
