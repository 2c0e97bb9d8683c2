import assert from "node:assert/strict";
import { commandFirst } from "../../../cli/frame/word_order.ts";

Deno.test("commandFirst() puts options that stand before the command behind its words", () => {
  const rows = [
    ["--verbose token a", "token a --verbose"],
    ["--profile dev token a", "token a --profile dev"],
    ["--profile=dev token", "token --profile=dev"],
    ["--quiet exec a -- psql -c x", "exec a --quiet -- psql -c x"],
    ["token --verbose", "token --verbose"],
    ["--version", "--version"],
    ["--json --version", "--json --version"],
    ["--help token", "--help token"],
    ["--verbose", "--verbose"],
    ["--profile", "--profile"],
    ["", ""],
  ] as const;
  for (const [given, wanted] of rows) {
    assert.equal(commandFirst(given.split(" ")).join(" "), wanted);
  }
});
