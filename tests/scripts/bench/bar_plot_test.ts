import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type BarPlot,
  renderBarPlot,
} from "../../../scripts/bench/bar_plot.ts";

const PLOT: BarPlot = {
  title: "Rates",
  caption: "the line is 1",
  series: [{ name: "one", colour: "#111" }, { name: "other", colour: "#222" }],
  groups: [
    { label: "select", values: [0.5, 1] },
    { label: "copy", values: [2, undefined] },
  ],
  line: 1,
  format: (value) => value.toFixed(2),
};

Deno.test("renderBarPlot() draws bars as long as their values are large", () => {
  assert.deepEqual(barWidths(renderBarPlot(PLOT)), [105, 210, 420]);
});

Deno.test("renderBarPlot() draws the line where the bar of that value ends", () => {
  const svg = renderBarPlot(PLOT);
  assert.match(svg, /<line class="line" x1="410" x2="410"/);
  assert.doesNotMatch(renderBarPlot({ ...PLOT, line: undefined }), /<line/);
});

Deno.test("renderBarPlot() names the plot, its groups and its bars, with their values", () => {
  const texts = [...renderBarPlot(PLOT).matchAll(/<text[^>]*>([^<]*)</g)]
    .map(([, text]) => text);
  const head = ["Rates", "the line is 1", "one", "other"];
  assert.deepEqual(texts, [...head, "select", "0.50", "1.00", "copy", "2.00"]);
});

Deno.test("renderBarPlot() draws values of zero, and no values at all", () => {
  const zero = { label: "nothing", values: [0, 0] };
  const plot = { ...PLOT, line: undefined, groups: [zero] };
  assert.deepEqual(barWidths(renderBarPlot(plot)), [0, 0]);
  assert.deepEqual(barWidths(renderBarPlot({ ...plot, groups: [] })), []);
});

Deno.test("renderBarPlot() keeps any text from becoming markup", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const svg = renderBarPlot({
      ...PLOT,
      title: text,
      series: [{ name: text, colour: text }],
      groups: [{ label: text, values: [1] }],
      format: () => text,
    });
    const tags = [...svg.matchAll(/<\/?([a-z]*)/g)].map(([, tag]) => tag ?? "");
    const known = ["svg", "style", "rect", "text", "line"];
    assert.deepEqual(tags.filter((tag) => !known.includes(tag)), []);
    assert.doesNotMatch(svg, /&(?!amp;|lt;|gt;|quot;)/);
  }));
});

/** The widths of the bars, which begin where the labels end, but for the key's. */
function barWidths(svg: string): number[] {
  return [
    ...svg.matchAll(/<rect x="200" y="\d+" width="([\d.]+)" height="12"/g),
  ]
    .map(([, width]) => Number(width));
}
