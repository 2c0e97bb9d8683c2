/** `SHA256SUMS`: the format of `sha256sum` (GNU coreutils), 64 hexadecimal digits, two spaces, a name. */

/** Renders checksums by name. */
export function renderChecksums(
  checksums: ReadonlyMap<string, string>,
): string {
  return [...checksums].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, checksum]) => `${checksum}  ${name}\n`).join("");
}

/** Reads what {@linkcode renderChecksums} writes. */
export function parseChecksums(text: string): Map<string, string> {
  return new Map(
    text.split("\n").filter((line) => line !== "").map((line) => {
      const [, checksum, name] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
      if (checksum === undefined || name === undefined) {
        throw new Error(`"${line}" is no line of sha256sum`);
      }
      return [name, checksum];
    }),
  );
}
