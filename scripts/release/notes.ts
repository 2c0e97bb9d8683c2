/**
 * The section of a changelog about a version: what stands below its `## [1.2.3] - 2026-01-31` or `## 1.2.3` heading, up to
 * the next one.
 *
 * @throws {Error} when there is none, or nothing in it
 */
export function releaseNotes(changelog: string, version: string): string {
  const heading = new RegExp(
    `^## \\[?${RegExp.escape(version)}\\]?(?: .*)?$`,
    "m",
  );
  const start = heading.exec(changelog);
  if (start === null) {
    throw new Error(`CHANGELOG.md has no section "## ${version}"`, {
      cause: `Rename "## Unreleased" to "## ${version} - YYYY-MM-DD"`,
    });
  }
  const rest = changelog.slice(start.index + start[0].length);
  const notes = rest.slice(0, /^## /m.exec(rest)?.index ?? rest.length).trim();
  if (notes === "") throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return `${notes}\n`;
}
