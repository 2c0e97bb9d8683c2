import { svgText } from "./svg_text.ts";
import { parseStyledLine, type Style, type StyledText } from "./styled_text.ts";

/** What a terminal shows. */
export interface TerminalPicture {
  /** The window's title, which is what a screen reader reads too. */
  title: string;
  columns: number;
  /** From top to bottom, with the sequences that choose colours. */
  lines: readonly string[];
}

const FONT_SIZE = 13;
/** What a character of most monospaced fonts measures at that size; each piece is stretched to it. */
const CHARACTER_WIDTH = 7.8;
const LINE_HEIGHT = 19;
const BAR_HEIGHT = 30;
const MARGIN = 16;

/** Colours by number, for light and dark: readable on the backgrounds below. */
const COLORS = [
  ["#24292f", "#c9d1d9"],
  ["#b32424", "#ff7b72"],
  ["#116329", "#56d364"],
  ["#7d4e00", "#e3b341"],
  ["#0550ae", "#79c0ff"],
  ["#6e3a9e", "#d2a8ff"],
  ["#11636c", "#56d4dd"],
  ["#57606a", "#f0f6fc"],
] as const;

function style(): string {
  const colors = (index: 0 | 1) =>
    COLORS.map((pair, color) => `.c${color} { fill: ${pair[index]}; }`)
      .join(" ");
  return `
  text { font: ${FONT_SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f; }
  .back { fill: #f6f8fa; stroke: #d0d7de; } .bar { fill: #eaeef2; }
  .title { font: 12px system-ui, sans-serif; fill: #57606a; text-anchor: middle; }
  .bold { font-weight: 700; } .dim { opacity: 0.65; } ${colors(0)}
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .back { fill: #0d1117; stroke: #30363d; } .bar { fill: #161b22; }
    .title { fill: #8d96a0; } ${colors(1)}
  }`;
}

/** Draws a terminal's window as an SVG that is read in light and dark, with text that can be selected. */
export function renderTerminal(
  { title, columns, lines }: TerminalPicture,
): string {
  const width = round(columns * CHARACTER_WIDTH + 2 * MARGIN);
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + 2 * MARGIN - 6;
  let carried: Style = {};
  const text = lines.map((line, row) => {
    const { pieces, style } = parseStyledLine(line.trimEnd(), carried);
    carried = style;
    return renderLine(pieces, BAR_HEIGHT + MARGIN + row * LINE_HEIGHT + 10);
  });
  const frame = `x="0.5" y="0.5" width="${width - 1}" height="${
    height - 1
  }" rx="8"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" xml:space="preserve">
<title>${svgText(title)}</title>
<style>${style()}
</style>
<rect class="back" ${frame}/>
<path class="bar" d="M1 ${BAR_HEIGHT}V8.5A7.5 7.5 0 0 1 8.5 1H${
    width - 8.5
  }A7.5 7.5 0 0 1 ${width - 1} 8.5V${BAR_HEIGHT}Z"/>
${
    ["#ff5f57", "#febc2e", "#28c840"].map((color, index) =>
      `<circle cx="${18 + index * 18}" cy="15" r="5" fill="${color}"/>`
    ).join("")
  }
<text class="title" x="${round(width / 2)}" y="19">${svgText(title)}</text>
${text.filter((line) => line !== "").join("\n")}
</svg>
`;
}

function renderLine(pieces: readonly StyledText[], y: number): string {
  let column = 0;
  return pieces.map((piece) => {
    const from = column;
    const { length } = [...piece.text];
    column += length;
    if (piece.text.trim() === "") return "";
    const x = round(MARGIN + from * CHARACTER_WIDTH);
    const width = round(length * CHARACTER_WIDTH);
    return `<text x="${x}" y="${y}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${
      classes(piece)
    }>${svgText(piece.text)}</text>`;
  }).join("");
}

function classes({ color, isBold, isDim }: Style): string {
  const names = [
    ...(color === undefined ? [] : [`c${color}`]),
    ...(isBold ? ["bold"] : []),
    ...(isDim ? ["dim"] : []),
  ];
  return names.length === 0 ? "" : ` class="${names.join(" ")}"`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
