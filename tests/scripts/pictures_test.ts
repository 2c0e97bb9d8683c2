import assert from "node:assert/strict";
import { pictures } from "../../scripts/pictures.ts";
import { isMissing } from "../programs.ts";

Deno.test("docs/pictures shows what the commands in it print", async (t) => {
  for (const program of ["tmux", "psql"]) {
    if (await isMissing(t, program)) return;
  }
  const folder = new URL("../../docs/pictures/", import.meta.url);
  for (const [name, svg] of await pictures()) {
    const shown = await Deno.readTextFile(new URL(name, folder));
    assert.equal(svg, shown, `${name} is old: deno task pictures`);
  }
});
