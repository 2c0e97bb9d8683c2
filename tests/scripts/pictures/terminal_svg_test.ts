import assert from "node:assert/strict";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { parseStyledLine } from "../../../scripts/pictures/styled_text.ts";
import { renderTerminal } from "../../../scripts/pictures/terminal_svg.ts";
import { anyCharacter } from "../../any_character.ts";

Deno.test("parseStyledLine() reads colours, bold and dim, and carries them to the next line", () => {
  const line = "\x1b[1;31merror:\x1b[0m no \x1b[32m\x1b[2m+ a\x1b[39mb";
  assert.deepEqual(parseStyledLine(line), {
    pieces: [
      { text: "error:", isBold: true, color: 1 },
      { text: " no " },
      { text: "+ a", color: 2, isDim: true },
      { text: "b", isDim: true },
    ],
    style: { isDim: true },
  });
  assert.deepEqual(parseStyledLine("c", { isDim: true }).pieces, [
    { text: "c", isDim: true },
  ]);
});

Deno.test("parseStyledLine() refuses what moves the cursor", () => {
  assert.throws(() => parseStyledLine("a\x1b[2Kb"), /control character/);
});

Deno.test("renderTerminal() is XML that holds every line, whatever stands there", () => {
  const printable = fc.string({ unit: anyCharacter })
    // deno-lint-ignore no-control-regex
    .map((text) => text.replace(/[\x00-\x1f\x7f\ufffe\uffff]/g, ""));
  fc.assert(fc.property(fc.array(printable), printable, (lines, title) => {
    const texts: string[] = [];
    const parser = new SaxesParser();
    parser.on("error", (error) => {
      throw error;
    });
    parser.on("text", (text) => void texts.push(text));
    parser.write(renderTerminal({ title, columns: 80, lines })).close();
    const shown = lines.map((line) => line.trimEnd())
      .filter((line) => line !== "");
    assert.deepEqual(
      texts.filter((text) => text.trim() !== "").slice(-shown.length || 1e9),
      shown,
    );
  }));
});

Deno.test("renderTerminal() grows with its lines, and puts each piece into its column", () => {
  const lines = ["\x1b[32mab\x1b[0mcd", "e"];
  const svg = renderTerminal({ title: "t", columns: 10, lines });
  assert.match(svg, /class="c2">ab</);
  const xs = [...svg.matchAll(/<text x="([\d.]+)" y="(\d+)" textLength/g)]
    .map(([, x, y]) => [Number(x), Number(y)]);
  assert.deepEqual(xs, [[16, 56], [31.6, 56], [16, 75]]);
  assert.match(svg, /width="110" height="94"/);
});
