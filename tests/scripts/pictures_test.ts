import assert from "node:assert/strict";
import { pictures } from "../../scripts/pictures.ts";
import { isMissing } from "../programs.ts";

Deno.test("docs/pictures shows what the commands in it print", async (t) => {
  if (await isMissing(t, "tmux", "psql")) return;
  const folder = new URL("../../docs/pictures/", import.meta.url);
  for (const [name, svg] of await pictures()) {
    const shown = await Deno.readTextFile(new URL(name, folder));
    assert.equal(svg, shown, `${name} is old: deno task pictures`);
  }
});
