import assert from "node:assert/strict";
import type { ConfigFile } from "../../../core/config/config.ts";
import { mergeConfigs } from "../../../core/config/config.ts";

function file(path: string, parts: Partial<ConfigFile> = {}): ConfigFile {
  return { path, targets: [], sync: [], ...parts };
}

function target(name: string, host: string, file: string) {
  return { name, fields: { host }, file };
}

Deno.test("mergeConfigs() takes each target whole from the nearest file that has it", () => {
  const near = file("/near", {
    targets: [target("a", "near-a", "/near")],
  });
  const far = file("/far", {
    targets: [
      {
        ...target("a", "far-a", "/far"),
        fields: { host: "far-a", username: "app" },
      },
      target("b", "far-b", "/far"),
    ],
  });
  const { files, targets } = mergeConfigs([near, far]);
  assert.deepEqual(files, ["/near", "/far"]);
  assert.deepEqual([...targets.values()], [
    target("a", "near-a", "/near"),
    target("b", "far-b", "/far"),
  ]);
});

Deno.test("mergeConfigs() takes default target and [[sync]] from the nearest file that has one", () => {
  const sync = (path: string) => [
    { writer: "pgpass", options: {}, file: path },
  ];
  const merged = mergeConfigs([
    file("/a"),
    file("/b", { defaultTarget: "b", sync: sync("/b") }),
    file("/c", { defaultTarget: "c", sync: sync("/c") }),
  ]);
  assert.deepEqual(merged.defaultTarget, { name: "b", file: "/b" });
  assert.deepEqual(merged.sync, sync("/b"));
});

Deno.test("mergeConfigs() of no files is empty", () => {
  assert.deepEqual(mergeConfigs([]), {
    files: [],
    targets: new Map(),
    sync: [],
  });
});
