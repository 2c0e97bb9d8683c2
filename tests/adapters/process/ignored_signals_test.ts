import assert from "node:assert/strict";
import { ignoredOf } from "../../../adapters/process/ignored_signals.ts";

Deno.test("ignoredOf() reads the mask of ignored signals", () => {
  const status = (mask: string) =>
    `Name:\tdeno\nSigBlk:\t0000000000000000\nSigIgn:\t${mask}\nSigCgt:\t0000000100000000\n`;
  assert.deepEqual([...ignoredOf(status("0000000000000000"))], []);
  const ignored = ignoredOf(status("0000000000001001"));
  assert.ok(ignored.has("SIGHUP") && ignored.has("SIGPIPE"));
  assert.ok(!ignored.has("SIGINT"));
  assert.deepEqual([...ignoredOf("Name: other")], []);
});
