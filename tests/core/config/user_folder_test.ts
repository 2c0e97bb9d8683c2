import assert from "node:assert/strict";
import { userFolder, userPath } from "../../../core/config/user_folder.ts";

Deno.test("userFolder() is where each system keeps configuration", () => {
  const HOME = "/home/app";
  assert.equal(
    userFolder("config", { HOME }, "linux"),
    "/home/app/.config/rdsiam",
  );
  assert.equal(
    userFolder("config", { HOME }, "darwin"),
    "/home/app/Library/Application Support/rdsiam",
  );
  assert.equal(
    userFolder(
      "config",
      { APPDATA: "C:\\Users\\app\\AppData\\Roaming" },
      "windows",
    ),
    "C:\\Users\\app\\AppData\\Roaming\\rdsiam",
  );
});

Deno.test("userFolder() follows XDG_CONFIG_HOME when it is absolute", () => {
  const HOME = "/home/app";
  for (const os of ["linux", "darwin"]) {
    assert.equal(
      userFolder("config", { HOME, XDG_CONFIG_HOME: "/c" }, os),
      "/c/rdsiam",
    );
  }
  assert.equal(
    userFolder("config", { HOME, XDG_CONFIG_HOME: "c" }, "linux"),
    "/home/app/.config/rdsiam",
  );
});

Deno.test("userFolder() is nowhere without a home", () => {
  assert.equal(userFolder("config", {}, "linux"), undefined);
  assert.equal(userFolder("config", { HOME: "" }, "darwin"), undefined);
  assert.equal(userFolder("config", {}, "windows"), undefined);
});

Deno.test("userFolder() keeps data and what can be made again apart", () => {
  const environment = { HOME: "/h", LOCALAPPDATA: "C:\\l" };
  const rows = [
    ["linux", "/h/.local/share/rdsiam", "/h/.cache/rdsiam"],
    [
      "darwin",
      "/h/Library/Application Support/rdsiam",
      "/h/Library/Caches/rdsiam",
    ],
    ["windows", "C:\\l\\rdsiam", "C:\\l\\rdsiam\\cache"],
  ] as const;
  for (const [os, data, cache] of rows) {
    assert.equal(userFolder("data", environment, os), data);
    assert.equal(userFolder("cache", environment, os), cache);
  }
});

for (
  const [text, path] of [
    ["file", "/folder/file"],
    ["../file", "/file"],
    ["/file", "/file"],
    ["~/.pgpass", "/home/me/.pgpass"],
    ["~", "/home/me"],
    ["~other/file", "/folder/~other/file"],
  ] as const
) {
  Deno.test(`userPath() takes ${text} for ${path}`, () => {
    assert.equal(userPath(text, "/folder", "/home/me"), path);
  });
}

Deno.test("userPath() needs a home folder for ~ alone", () => {
  assert.equal(userPath("~/file", "/folder", undefined), undefined);
  assert.equal(userPath("file", "/folder", undefined), "/folder/file");
});
