/** What the comment before a managed line says. */
export interface PassfileMarker {
  /** The targets that the line serves, at least one. */
  names: readonly string[];
  /** When the line's token stops working, in milliseconds since the epoch, to the second; `undefined` if never. */
  expiresAt: number | undefined;
}

/** How every marker begins; a comment in column 1 is what every reader of passfiles skips. */
export const MARKER_START = "# rdsiam:";

const MARKER = /^# rdsiam:(\S+)(?: expires=(\S+))? check=([0-9a-f]{8})$/;

/**
 * Writes the comment that marks the line below it as managed. It carries a checksum of that line, so that one which
 * somebody has edited, or put there instead, is not taken for ours.
 *
 * @param line the managed line, without its line end
 */
export function formatMarker(marker: PassfileMarker, line: string): string {
  const names = marker.names.map(encodeName).join(",");
  const expires = marker.expiresAt === undefined
    ? ""
    : ` expires=${
      new Date(marker.expiresAt).toISOString().replace(/\.\d+/, "")
    }`;
  return `${MARKER_START}${names}${expires} check=${checksum(line)}`;
}

/** Whether a line is a marker, whatever stands below it. */
export function isMarker(comment: string): boolean {
  return parse(comment) !== undefined;
}

/** Reads a marker; `undefined` when the comment is none, or the line below is not the one that it was written for. */
export function readMarker(
  comment: string,
  line: string,
): PassfileMarker | undefined {
  const parsed = parse(comment);
  return parsed?.check === checksum(line) ? parsed.marker : undefined;
}

function parse(
  comment: string,
): { marker: PassfileMarker; check: string } | undefined {
  const [, list, expires, check] = MARKER.exec(comment) ?? [];
  if (list === undefined || check === undefined) return undefined;
  const expiresAt = expires === undefined ? undefined : Date.parse(expires);
  if (Number.isNaN(expiresAt)) return undefined;
  try {
    const names = list.split(",").map(decodeURIComponent);
    return { marker: { names, expiresAt }, check };
  } catch {
    return undefined;
  }
}

/** Percent-encodes what would end a name or could not be seen: white space, control characters, commas. */
function encodeName(name: string): string {
  return name.replace(/[\s\p{C}%,]/gu, encodeURIComponent);
}

/** FNV-1a of 32 bits over UTF-16 code units: tells changed lines apart, and hides nothing. */
function checksum(line: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < line.length; index++) {
    hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
