import assert from "node:assert/strict";
import fc from "fast-check";
import { didYouMean, nearest } from "../../../core/text/nearest.ts";

Deno.test("nearest() finds the likeliest name", () => {
  const names = ["public", "audit", "Orders", "order_items"];
  assert.equal(nearest("pulbic", names), "public");
  assert.equal(nearest("pubic", names), "public");
  assert.equal(nearest("orders", names), "Orders");
  assert.equal(nearest("order_itmes", names), "order_items");
});

Deno.test("nearest() finds nothing for what is not near", () => {
  assert.equal(nearest("billing", ["public", "audit"]), undefined);
  assert.equal(nearest("ab", ["cd"]), undefined);
  assert.equal(nearest("x", []), undefined);
  assert.equal(nearest("", ["public"]), undefined);
});

Deno.test("nearest() counts code points, so an emoji is one letter", () => {
  assert.equal(nearest("🦕🦕x", ["🦕🦖x"]), "🦕🦖x");
});

Deno.test("nearest() survives one typing mistake in any name of three letters or more", () => {
  const name = fc.string({ unit: "grapheme", minLength: 3, maxLength: 20 });
  fc.assert(
    fc.property(name, fc.nat(), (wanted, where) => {
      const letters = Array.from(wanted);
      letters.splice(where % letters.length, 1);
      const typed = letters.join("");
      fc.pre(typed !== wanted && typed.toLowerCase().length > 0);
      assert.equal(nearest(typed, ["zz\u0000zz far away", wanted]), wanted);
    }),
  );
});

Deno.test("didYouMean() is the hint for an error", () => {
  assert.equal(didYouMean("pulbic", ["public"]), 'Did you mean "public"?');
  assert.equal(didYouMean("billing", ["public"]), undefined);
});
