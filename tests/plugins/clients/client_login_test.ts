import assert from "node:assert/strict";
import {
  passfileNotice,
  targetWords,
} from "../../../plugins/clients/client_login.ts";
import { contractEntries } from "../../../plugins/contract/entries.ts";

function entry(changes = {}) {
  const [orders] = contractEntries(0, changes);
  assert.ok(orders !== undefined);
  return orders;
}

Deno.test("targetWords() names a target, or spells one out that has no name of its own", () => {
  assert.deepEqual(targetWords(entry()), ["orders"]);
  const name = "a b@[::1]:5433/c d";
  assert.deepEqual(
    targetWords(
      entry({
        name,
        host: "::1",
        port: 5433,
        username: "a b",
        database: "c d",
      }),
    ),
    ["-h", "::1", "-p", "5433", "-U", "a b", "-d", "c d"],
  );
});

Deno.test("passfileNotice() is silent about the default passfile of each system", () => {
  for (
    const passfile of [
      "/home/u/.pgpass",
      "C:\\Users\\u\\AppData\\Roaming\\postgresql\\pgpass.conf",
    ]
  ) {
    assert.deepEqual(passfileNotice(entry({ passfile }), "X"), []);
  }
  assert.match(
    passfileNotice(entry({ passfile: "/home/u/my.pgpass" }), "X").join(),
    /^X reads the default passfile, .* the tokens are in \/home\/u\/my\.pgpass$/,
  );
});
