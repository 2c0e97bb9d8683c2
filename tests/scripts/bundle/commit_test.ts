import assert from "node:assert/strict";
import { writeCommit } from "../../../scripts/bundle/commit.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const TEXT =
  '// cli/a.ts\nvar COMMIT = "";\n// cli/frame/build_info.ts\nvar COMMIT = "";\n';

Deno.test("writeCommit() writes the commit into its place alone", () => {
  assert.equal(
    writeCommit(TEXT, `${COMMIT}-dirty`),
    `// cli/a.ts\nvar COMMIT = "";\n// cli/frame/build_info.ts\nvar COMMIT = "${COMMIT}-dirty";\n`,
  );
  assert.equal(writeCommit("// cli/a.ts\n", COMMIT), "// cli/a.ts\n");
});

Deno.test("writeCommit() stops the build where there is no commit or no place for it", () => {
  assert.throws(() => writeCommit(TEXT, 'x";'), /"x";" is no commit/);
  const other = TEXT.replaceAll("var", "let");
  assert.throws(
    () => writeCommit(other, COMMIT),
    /build_info\.ts in another way/,
  );
});
