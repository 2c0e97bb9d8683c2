import assert from "node:assert/strict";
import fc from "fast-check";
import { UnreadableText } from "../../../core/writer/writer.ts";
import { escapeXml, parseXml } from "../../../plugins/formats/xml_document.ts";
import { anyCharacter } from "../../any_character.ts";

Deno.test("parseXml() tells where elements stand", () => {
  const text =
    `\uFEFF<?xml version='1.0'?>\r\n<!-- <b> --><a x='é😀' y="&lt;">t<b/>&amp;<c ><![CDATA[<d>]]></c ></a>\n`;
  const root = parseXml(text);
  assert.deepEqual({ ...root.attributes }, { x: "é😀", y: "<" });
  assert.equal(root.text, "t&");
  assert.equal(text.slice(root.start, root.end), text.slice(36).trim());
  const [b, c] = root.children;
  assert.equal(text.slice(b?.start, b?.end), "<b/>");
  assert.equal(b?.isSelfClosing, true);
  assert.equal(text.slice(c?.start, c?.end), "<c ><![CDATA[<d>]]></c >");
  assert.equal(text.slice(c?.contentStart, c?.contentEnd), "<![CDATA[<d>]]>");
  assert.equal(c?.text, "<d>");
});

for (
  const [text, line, why] of [
    ["<a>\n<b>\n</a>", 3, "not XML: unexpected close tag"],
    ["<a>\n&secret;</a>", 2, "not XML: undefined entity"],
    ["<a>\n", 1, "not XML: unclosed tag"],
    ["<a>\n\ud800</a>", 2, "not XML: not UTF-8"],
  ] as const
) {
  Deno.test(`parseXml() refuses ${JSON.stringify(text)} and repeats none of it`, () => {
    assert.throws(() => parseXml(text), new UnreadableText(line, why));
  });
}

Deno.test("escapeXml() writes what a parser reads back, in text and in attributes", () => {
  fc.assert(fc.property(
    fc.string({ unit: anyCharacter }).filter((text) => {
      try {
        escapeXml(text);
        return true;
      } catch {
        return false;
      }
    }),
    (text) => {
      const root = parseXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`);
      assert.deepEqual([root.attributes.b, root.text], [text, text]);
    },
  ));
});

Deno.test("escapeXml() refuses what XML cannot say, repeating nothing", () => {
  for (const character of ["\0", "\x1b", "\uFFFE", "\uD800"]) {
    assert.throws(
      () => escapeXml(`hunter2${character}`),
      new RangeError(
        "Cannot write XML: a name or path holds a character that XML does not have",
      ),
    );
  }
});
