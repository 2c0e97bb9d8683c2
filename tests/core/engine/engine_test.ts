import assert from "node:assert/strict";
import { ENGINES } from "../../../core/engine/engines.ts";

Deno.test("ENGINES calls every engine by its own name", () => {
  for (const [name, engine] of Object.entries(ENGINES)) {
    assert.equal(engine.name, name);
  }
});
