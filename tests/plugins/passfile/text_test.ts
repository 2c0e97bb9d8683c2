import assert from "node:assert/strict";
import fc from "fast-check";
import { formatMarker } from "../../../plugins/passfile/marker.ts";
import { joinPassfile, parsePassfile } from "../../../plugins/passfile/text.ts";

const LINE = "db:5432:*:app:token";
const MARKER = formatMarker({ names: ["a"], expiresAt: undefined }, LINE);

Deno.test("joinPassfile() gives back any text that holds no marker", () => {
  const text = fc.string({
    unit: fc.constantFrom(..."a:\\#\r\n\uFEFF\uD800\0"),
  });
  fc.assert(fc.property(text, (text) => {
    assert.equal(joinPassfile(parsePassfile(text)), text);
  }));
});

Deno.test("parsePassfile() tells managed lines from others", () => {
  const text = `# mine\r\n${MARKER}\r\n${LINE}\r\n${LINE}`;
  assert.deepEqual(parsePassfile(text), {
    parts: [
      { kind: "foreign", number: 1, content: "# mine", end: "\r\n" },
      {
        kind: "managed",
        number: 3,
        names: ["a"],
        expiresAt: undefined,
        content: LINE,
        end: "\r\n",
      },
      { kind: "foreign", number: 4, content: LINE, end: "" },
    ],
    newline: "\r\n",
    isEnded: false,
  });
  assert.equal(joinPassfile(parsePassfile(text)), text);
});

Deno.test("parsePassfile() drops a marker whose line is gone or changed, and keeps the line", () => {
  for (const rest of ["\n", `\n${LINE}0\n`, `\n\n${LINE}\n`]) {
    const text = parsePassfile(`x\n${MARKER}${rest}`);
    assert.equal(joinPassfile(text).replace("x\n", ""), rest.slice(1));
  }
});

Deno.test("parsePassfile() knows its marker behind a byte order mark, which then has a line of its own", () => {
  const text = parsePassfile(`\uFEFF${MARKER}\n${LINE}\n`);
  assert.deepEqual(text.parts.map(({ kind }) => kind), ["foreign", "managed"]);
  assert.equal(joinPassfile(text), `\uFEFF\n${MARKER}\n${LINE}\n`);
});
