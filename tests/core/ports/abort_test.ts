import assert from "node:assert/strict";
import { unlessAborted, untilAborted } from "../../../core/ports/abort.ts";

Deno.test("unlessAborted() gives what the promise gives, its failure included", async () => {
  const { signal } = new AbortController();
  assert.equal(await unlessAborted(Promise.resolve(7), signal), 7);
  await assert.rejects(
    unlessAborted(Promise.reject(new Error("Broken")), signal),
    /Broken/,
  );
});

Deno.test("unlessAborted() gives undefined once the signal has aborted, whatever the promise does", async () => {
  const stop = new AbortController();
  const done = unlessAborted(Promise.withResolvers().promise, stop.signal);
  stop.abort();
  assert.equal(await done, undefined);
  const never = Promise.withResolvers().promise;
  assert.equal(await unlessAborted(never, stop.signal), undefined);
});

Deno.test("untilAborted() ends with the signal", async () => {
  const stop = new AbortController();
  const done = untilAborted(stop.signal);
  stop.abort();
  await done;
  await untilAborted(AbortSignal.abort());
});
