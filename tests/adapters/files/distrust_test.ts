import assert from "node:assert/strict";
import { distrust } from "../../../adapters/files/distrust.ts";

const ME = 1000;

function assertDistrusts(
  file: { uid: number; gid: number; mode: number },
  why: string | undefined,
  uid: number | null = ME,
) {
  assert.equal(distrust(file, uid), why);
}

Deno.test("distrust() trusts this user's files and root's", () => {
  assertDistrusts({ uid: ME, gid: ME, mode: 0o100644 }, undefined);
  assertDistrusts({ uid: ME, gid: 50, mode: 0o100600 }, undefined);
  assertDistrusts({ uid: 0, gid: 0, mode: 0o100644 }, undefined);
});

Deno.test("distrust() trusts no file of another user, for root either", () => {
  const why = "it belongs to another user";
  assertDistrusts({ uid: 1001, gid: ME, mode: 0o100600 }, why);
  assertDistrusts({ uid: ME, gid: ME, mode: 0o100600 }, why, 0);
});

Deno.test("distrust() trusts no file that others may write to", () => {
  assertDistrusts(
    { uid: ME, gid: ME, mode: 0o100646 },
    "everybody may write to it",
  );
  assertDistrusts(
    { uid: ME, gid: 50, mode: 0o100664 },
    "its group may write to it",
  );
  assertDistrusts(
    { uid: 0, gid: ME, mode: 0o100664 },
    "its group may write to it",
  );
});

Deno.test("distrust() minds no group that is the user alone, as umask 002 leaves it", () => {
  assertDistrusts({ uid: ME, gid: ME, mode: 0o100664 }, undefined);
  assertDistrusts({ uid: 0, gid: 0, mode: 0o100664 }, undefined);
});

Deno.test("distrust() has nothing to say on Windows", () => {
  assertDistrusts({ uid: 0, gid: 0, mode: 0o100666 }, undefined, null);
});
