import assert from "node:assert/strict";
import { clientPath } from "../../../plugins/clients/client_folder.ts";

const FOLDERS = { linux: ".a/b", darwin: "Library/b", windows: "a/b" };

Deno.test("clientPath() is below the user's folder of each system", () => {
  const environment = { HOME: "/h", APPDATA: "C:\\A" };
  assert.deepEqual(
    ["linux", "darwin", "windows", "freebsd"].map((os) =>
      clientPath(environment, os, FOLDERS)
    ),
    ["/h/.a/b", "/h/Library/b", "C:\\A\\a\\b", "/h/.a/b"],
  );
});

Deno.test("clientPath() is nowhere when the system does not say where the user's folder is", () => {
  assert.equal(clientPath({}, "linux", FOLDERS), undefined);
  assert.equal(clientPath({ HOME: "" }, "linux", FOLDERS), undefined);
  assert.equal(clientPath({ HOME: "/h" }, "windows", FOLDERS), undefined);
});
