import assert from "node:assert/strict";
import { WRITERS } from "../../plugins/mod.ts";

for (const { name, load } of WRITERS) {
  Deno.test(`WRITERS has ${name}, which keeps the contract of writers`, async () => {
    const { default: create } = await load();
    const writer = create();
    assert.equal(writer.name, name);
    assert.ok(writer.describe.summary.length > 0);
    assert.deepEqual(writer.render([], ""), {
      ...writer.render([], ""),
      newText: "",
    });
    assert.equal(writer.remove(undefined, "").newText, "");
    assert.deepEqual(writer.list?.("") ?? [], []);
    assert.throws(() => create({ nonsense: true }), RangeError);
  });
}
