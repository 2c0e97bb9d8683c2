import assert from "node:assert/strict";
import { formatTable } from "../../../cli/frame/table.ts";

Deno.test("formatTable() aligns columns and leaves no space at the end of a line", () => {
  assert.equal(
    formatTable([["NAME", "PORT"], ["orders", "5432"], ["x", ""]]),
    "NAME    PORT\norders  5432\nx\n",
  );
  assert.equal(formatTable([]), "");
});
