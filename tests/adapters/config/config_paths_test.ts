import assert from "node:assert/strict";
import { join } from "node:path";
import {
  configPath,
  userConfigPath,
} from "../../../adapters/config/config_paths.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { workIn } from "../working_folder.ts";

Deno.test("configPath() is the named file, else the project's, else the user's own", async () => {
  await using work = await workIn("work/src", { "work/rdsiam.toml": "" });
  const environment = { ...work.environment, RDSIAM_CONFIG: "variable.toml" };
  const here = join(work.path, "work/src");
  assert.equal(
    await configPath("named.toml", environment, work.folder),
    join(here, "named.toml"),
  );
  assert.equal(
    await configPath(undefined, environment, work.folder),
    join(here, "variable.toml"),
  );
  assert.equal(
    await configPath(undefined, work.environment, work.folder),
    join(work.path, "work/rdsiam.toml"),
  );
  await Deno.remove(join(work.path, "work/rdsiam.toml"));
  assert.equal(
    await configPath(undefined, work.environment, work.folder),
    userConfigPath(work.environment),
  );
  await assertRefusesLater(configPath(undefined, {}, work.folder), {
    message: "There is no configuration file, and no home folder for one",
    hint: "Name one with --config",
  });
});

Deno.test("userConfigPath() is a file in the user's folder of configuration", () => {
  const environment = { HOME: "/home/me", APPDATA: "C:\\app" };
  for (
    const [os, folder] of [
      ["linux", "/home/me/.config/rdsiam"],
      ["darwin", "/home/me/Library/Application Support/rdsiam"],
      ["windows", "C:\\app\\rdsiam"],
    ] as const
  ) {
    assert.equal(userConfigPath(environment, os), join(folder, "config.toml"));
    assert.equal(userConfigPath({}, os), undefined);
  }
});
