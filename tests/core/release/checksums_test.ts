import assert from "node:assert/strict";
import fc from "fast-check";
import { archiveName, RELEASE_TARGETS } from "../../../core/release/release.ts";
import { findArchive, isVersion } from "../../../core/release/checksums.ts";

const SHA256 = "0123456789abcdef".repeat(4);

/** The format of `sha256sum`: two spaces, or a space and an asterisk for what was read as binary. */
function line(name: string, separator = "  "): string {
  return `${SHA256}${separator}${name}\n`;
}

Deno.test("findArchive() finds each machine's own archive among the others", () => {
  const checksums = RELEASE_TARGETS.map((target) =>
    line(archiveName("1.2.3-rc.1", target))
  ).join("");
  for (const target of RELEASE_TARGETS) {
    assert.deepEqual(findArchive(`${line("sbom.json")}${checksums}`, target), {
      version: "1.2.3-rc.1",
      name: archiveName("1.2.3-rc.1", target),
      sha256: SHA256,
    });
  }
});

Deno.test("findArchive() reads what sha256sum --binary and Windows write", () => {
  for (const target of RELEASE_TARGETS) {
    const name = archiveName("1.2.3", target);
    const text = line(name, " *").toUpperCase().replace(
      name.toUpperCase(),
      name,
    ).replace("\n", "\r\n");
    const expected = { version: "1.2.3", name, sha256: SHA256 };
    assert.deepEqual(findArchive(text, target), expected);
  }
});

Deno.test("findArchive() finds nothing in what is cut off, or names another folder", () => {
  const [target] = RELEASE_TARGETS;
  assert.ok(target);
  const whole = line(archiveName("1.2.3", target)).trimEnd();
  for (let length = 0; length < whole.length; length++) {
    assert.equal(findArchive(whole.slice(0, length), target), undefined);
    if (length === 0) continue;
    assert.equal(findArchive(whole.slice(length), target), undefined);
  }
  for (const version of ["../../1.2.3", "1.2.3/../x", "", "latest"]) {
    const text = line(archiveName(version, target));
    assert.equal(findArchive(text, target), undefined);
  }
});

Deno.test("findArchive() takes any text", () => {
  const [target] = RELEASE_TARGETS;
  assert.ok(target);
  fc.assert(fc.property(fc.string(), (text) => {
    assert.equal(findArchive(text, target), undefined);
  }));
});

Deno.test("isVersion() knows versions from what only looks like them", () => {
  for (const text of ["0.1.0", "10.20.30", "1.0.0-rc.1", "1.0.0+build.5"]) {
    assert.equal(isVersion(text), true, text);
  }
  const others = [
    ...["", "1", "1.2", "v1.2.3", "1.2.3/x", "1.2.3 ", "a.b.c"],
    // compare-versions throws at these.
    ...["1.2.3-", "1.2.3-..", "1.2.3.4.5", "1.2.3-a..b", "1.2.3+", "1.2.3x"],
  ];
  for (const text of others) assert.equal(isVersion(text), false, text);
});
