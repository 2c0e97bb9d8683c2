import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeXml } from "../../../core/daemon/xml.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("escapeXml() writes plain ASCII that means the same", () => {
  assert.equal(
    escapeXml("a & <b> é 😀\n", "x"),
    "a &#38; &#60;b&#62; &#233; &#128512;&#10;",
  );
});

Deno.test("escapeXml() writes what reads back exactly", () => {
  const text = fc.string({ unit: "grapheme" });
  fc.assert(fc.property(text, (value) => {
    const escaped = escapeXml(value, "x");
    assert.doesNotMatch(escaped, /[^ -~]|[<>"']|&(?!#\d+;)/);
    const read = escaped.replaceAll(
      /&#(\d+);/g,
      (_, code) => String.fromCodePoint(Number(code)),
    );
    assert.equal(read, value);
  }));
});

Deno.test("escapeXml() refuses what XML cannot hold", () => {
  for (const value of ["\0", "\x1b", "\ud800", "\uffff"]) {
    assertRefuses(() => escapeXml(value, "argument 1"), {
      message:
        "The service cannot be written: argument 1 holds a character that XML cannot hold",
      hint: "Leave out control characters",
    });
  }
});
