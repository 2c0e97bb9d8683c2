/** Bars side by side, as an SVG that is read in light and dark. */

import { svgText } from "../pictures/svg_text.ts";

/** What is drawn. */
export interface BarPlot {
  title: string;
  /** What a bar's length is. */
  caption: string;
  /** The names of the bars of a group, each with its colour. */
  series: readonly { name: string; colour: string }[];
  /** The groups, from top to bottom; a value that is `undefined` leaves its bar out. */
  groups: readonly {
    label: string;
    values: readonly (number | undefined)[];
  }[];
  /** A value to draw a line at. */
  line?: number | undefined;
  /** A value as text, at the end of its bar. */
  format: (value: number) => string;
}

const LABEL_WIDTH = 200;
const PLOT_WIDTH = 420;
const VALUE_WIDTH = 80;
const BAR_HEIGHT = 14;
const GROUP_GAP = 10;
const HEAD_HEIGHT = 76;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #222; }
  .title { font-size: 15px; font-weight: 600; }
  .label { text-anchor: end; }
  .line { stroke: #888; stroke-dasharray: 3 3; }
  .back { fill: #fff; }
  @media (prefers-color-scheme: dark) { text { fill: #ddd; } .back { fill: #16181c; } }`;

/** Draws it. Values are zero or more. */
export function renderBarPlot(plot: BarPlot): string {
  const { title, caption, series, groups, line = 0, format } = plot;
  const values = groups.flatMap((group) => group.values)
    .filter((value) => value !== undefined);
  const most = Math.max(line, ...values, Number.MIN_VALUE);
  const length = (value: number) => round(value / most * PLOT_WIDTH);
  const groupHeight = series.length * BAR_HEIGHT + GROUP_GAP;
  const [width, height] = [
    LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH,
    HEAD_HEIGHT + groups.length * groupHeight,
  ];
  const parts = [
    `<rect class="back" width="${width}" height="${height}"/>`,
    `<text class="title" x="12" y="22">${svgText(title)}</text>`,
    `<text x="12" y="40">${svgText(caption)}</text>`,
    ...series.map(({ name, colour }, i) => {
      const x = LABEL_WIDTH + i * 150;
      return `<rect x="${x}" y="52" width="10" height="10" fill="${
        svgText(colour)
      }"/><text x="${x + 16}" y="61">${svgText(name)}</text>`;
    }),
    ...groups.flatMap(({ label, values }, nth) => {
      const top = HEAD_HEIGHT + nth * groupHeight;
      const middle = top + series.length * BAR_HEIGHT / 2 + 4;
      return [
        `<text class="label" x="${LABEL_WIDTH - 8}" y="${middle}">${
          svgText(label)
        }</text>`,
        ...series.flatMap(({ colour }, i) => {
          const value = values[i];
          if (value === undefined) return [];
          const y = top + i * BAR_HEIGHT;
          return [
            `<rect x="${LABEL_WIDTH}" y="${y}" width="${
              length(value)
            }" height="${BAR_HEIGHT - 2}" fill="${svgText(colour)}"/>`,
            `<text x="${round(LABEL_WIDTH + length(value) + 5)}" y="${
              y + 10
            }">${svgText(format(value))}</text>`,
          ];
        }),
      ];
    }),
    ...(plot.line === undefined ? [] : [
      `<line class="line" x1="${round(LABEL_WIDTH + length(line))}" x2="${
        round(LABEL_WIDTH + length(line))
      }" y1="${HEAD_HEIGHT - 6}" y2="${height - GROUP_GAP}"/>`,
    ]),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<style>${STYLE}
</style>
${parts.join("\n")}
</svg>
`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
