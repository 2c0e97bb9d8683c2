import assert from "node:assert/strict";
import { passfilePath } from "../../../core/passfile/path.ts";

const HOME = "/home/me";
const APPDATA = "C:\\Users\\me\\AppData\\Roaming";

Deno.test("passfilePath() is libpq's file in the home folder", () => {
  assert.equal(passfilePath({ HOME, APPDATA }, "linux"), "/home/me/.pgpass");
  assert.equal(
    passfilePath({ HOME, APPDATA }, "windows"),
    "C:\\Users\\me\\AppData\\Roaming\\postgresql\\pgpass.conf",
  );
});

Deno.test("passfilePath() is PGPASSFILE where that is set", () => {
  assert.equal(passfilePath({ HOME, PGPASSFILE: "/p" }, "linux"), "/p");
  assert.equal(
    passfilePath({ HOME, PGPASSFILE: "" }, "darwin"),
    "/home/me/.pgpass",
  );
});

Deno.test("passfilePath() is nowhere without a home", () => {
  assert.equal(passfilePath({}, "linux"), undefined);
  assert.equal(passfilePath({ HOME: "" }, "linux"), undefined);
  assert.equal(passfilePath({ HOME }, "windows"), undefined);
  assert.equal(passfilePath({ APPDATA: "" }, "windows"), undefined);
});
