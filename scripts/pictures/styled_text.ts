/** How a piece of a terminal's line looks. */
export interface Style {
  /** One of the eight colours, 0 black to 7 white; the terminal's own where it is absent. */
  color?: number;
  isBold?: boolean;
  isDim?: boolean;
}

/** A piece of a line that looks the same throughout. */
export interface StyledText extends Style {
  text: string;
}

// deno-lint-ignore no-control-regex -- the sequences begin with ESC
const SEQUENCE = /\x1b\[([\d;]*)m/;

/**
 * Reads a line with the sequences that choose colours (SGR, ECMA-48 8.3.117), as `tmux capture-pane -e` gives it.
 *
 * @throws {Error} at any other control character
 */
export function parseStyledLine(
  line: string,
  style: Style = {},
): { pieces: StyledText[]; style: Style } {
  const pieces: StyledText[] = [];
  const parts = line.split(SEQUENCE);
  let now = style;
  for (const [index, part] of parts.entries()) {
    if (index % 2 === 1) now = applySequence(now, part);
    else if (part !== "") pieces.push({ ...now, text: plain(part) });
  }
  return { pieces, style: now };
}

function applySequence(style: Style, parameters: string): Style {
  let next = style;
  for (const number of parameters.split(";").map(Number)) {
    if (number === 0) next = {};
    else if (number === 1) next = { ...next, isBold: true };
    else if (number === 2) next = { ...next, isDim: true };
    else if (number >= 30 && number <= 37) {
      next = { ...next, color: number - 30 };
    } else if (number === 39) {
      const { color: _own, ...rest } = next;
      next = rest;
    }
  }
  return next;
}

function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- none of these has a shape
  if (/[\x00-\x1f\x7f]/.test(text)) {
    throw new Error(
      `A line holds a control character: ${JSON.stringify(text)}`,
    );
  }
  return text;
}
