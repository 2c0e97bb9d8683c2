import assert from "node:assert/strict";
import fc from "fast-check";
import {
  formatMarker,
  isMarker,
  readMarker,
} from "../../../plugins/passfile/marker.ts";
import { anyCharacter } from "../../any_character.ts";

const TIME = Date.parse("2026-01-15T12:49:56Z");

Deno.test("formatMarker() names targets, expiry and the line's checksum", () => {
  assert.equal(
    formatMarker({ names: ["orders"], expiresAt: TIME }, "foobar"),
    "# rdsiam:orders expires=2026-01-15T12:49:56Z check=bf9cf968",
  );
  assert.equal(
    formatMarker({ names: ["a b", "c,d"], expiresAt: undefined }, ""),
    "# rdsiam:a%20b,c%2Cd check=811c9dc5",
  );
});

Deno.test("formatMarker() keeps readable what may be", () => {
  const names = ["app@db.example:5432/käse"];
  assert.equal(
    formatMarker({ names, expiresAt: undefined }, ""),
    "# rdsiam:app@db.example:5432/käse check=811c9dc5",
  );
});

Deno.test("readMarker() reads what formatMarker() wrote, whatever the names", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: anyCharacter, minLength: 1 }), { minLength: 1 }),
    fc.option(fc.nat().map((seconds) => seconds * 1000), { nil: undefined }),
    fc.string(),
    (names, expiresAt, line) => {
      const marker = formatMarker({ names, expiresAt }, line);
      assert.match(marker, /^# rdsiam:[^\s\p{Cc}]+( expires=\S+)? check=\w+$/u);
      assert.deepEqual(readMarker(marker, line), { names, expiresAt });
    },
  ));
});

Deno.test("readMarker() does not know a line that was changed, though the marker is one", () => {
  const marker = formatMarker({ names: ["a"], expiresAt: TIME }, "db:1:*:a:b");
  for (const line of ["", "db:1:*:a:c", "db:1:*:a:b ", "# db:1:*:a:b"]) {
    assert.equal(readMarker(marker, line), undefined);
  }
  assert.ok(isMarker(marker));
});

for (
  const comment of [
    "",
    "# rdsiam",
    "# rdsiam:orders",
    "# rdsiam: check=811c9dc5",
    " # rdsiam:a check=811c9dc5",
    "# rdsiam:a check=811c9dc5 and more",
    "# rdsiam:a check=811C9DC5",
    "# rdsiam:a expires=soon check=811c9dc5",
    "# rdsiam:%zz check=811c9dc5",
  ]
) {
  Deno.test(`isMarker() does not take ${JSON.stringify(comment)} for one`, () => {
    assert.equal(isMarker(comment), false);
    assert.equal(readMarker(comment, ""), undefined);
  });
}
