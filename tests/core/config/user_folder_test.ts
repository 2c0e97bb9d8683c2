import assert from "node:assert/strict";
import { userFolder } from "../../../core/config/user_folder.ts";

Deno.test("userFolder() is where each system keeps configuration", () => {
  const HOME = "/home/app";
  assert.equal(userFolder({ HOME }, "linux"), "/home/app/.config/rdsiam");
  assert.equal(
    userFolder({ HOME }, "darwin"),
    "/home/app/Library/Application Support/rdsiam",
  );
  assert.equal(
    userFolder({ APPDATA: "C:\\Users\\app\\AppData\\Roaming" }, "windows"),
    "C:\\Users\\app\\AppData\\Roaming\\rdsiam",
  );
});

Deno.test("userFolder() follows XDG_CONFIG_HOME when it is absolute", () => {
  const HOME = "/home/app";
  for (const os of ["linux", "darwin"]) {
    assert.equal(userFolder({ HOME, XDG_CONFIG_HOME: "/c" }, os), "/c/rdsiam");
  }
  assert.equal(
    userFolder({ HOME, XDG_CONFIG_HOME: "c" }, "linux"),
    "/home/app/.config/rdsiam",
  );
});

Deno.test("userFolder() is nowhere without a home", () => {
  assert.equal(userFolder({}, "linux"), undefined);
  assert.equal(userFolder({ HOME: "" }, "darwin"), undefined);
  assert.equal(userFolder({}, "windows"), undefined);
});
