import assert from "node:assert/strict";
import { join } from "node:path";
import { loadConfig } from "../../../adapters/config/config_files.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { temporaryFolder } from "../temporary_folder.ts";
import { startProgram } from "../deno_program.ts";
import { workIn } from "../working_folder.ts";

function target(name: string, host: string): string {
  return `[targets.${name}]\nhost = "${host}"\n`;
}

const OWN = "home/.config/rdsiam/config.toml";

Deno.test({
  name: "loadConfig() merges the nearest file upwards with the user's own",
  ignore: Deno.build.os !== "linux", // the user's own is elsewhere
  async fn() {
    await using work = await workIn("work/app/src/deep", {
      "work/rdsiam.toml": target("far", "far"),
      "work/app/rdsiam.toml": target("a", "near"),
      [OWN]: target("a", "own") + target("b", "own"),
    });
    const near = join(work.path, "work/app/rdsiam.toml");
    const own = join(work.path, OWN);
    const { files, targets } = await loadConfig(
      undefined,
      work.environment,
      work.folder,
    );
    assert.deepEqual(files, [near, own]);
    assert.deepEqual([...targets.values()], [
      { name: "a", fields: { host: "near" }, file: near },
      { name: "b", fields: { host: "own" }, file: own },
    ]);
  },
});

Deno.test("loadConfig() is empty where there is no file", async () => {
  await using work = await workIn("work/rdsiam.toml", {}); // a folder of that name is none
  const { files, targets } = await loadConfig(
    undefined,
    work.environment,
    work.folder,
  );
  assert.deepEqual([files, targets.size], [[], 0]);
});

Deno.test("loadConfig() is empty where the working directory has gone", async () => {
  // In a process of its own, since other tests work in this one's folder.
  await using program = startProgram("load_config_nowhere.ts");
  assert.equal(await program.read(), "[]\n");
});

Deno.test("loadConfig() reads a named file alone, and --config before RDSIAM_CONFIG", async () => {
  await using work = await workIn("work", {
    "work/rdsiam.toml": target("a", "found"),
    "work/one.toml": target("a", "one"),
    "work/two.toml": target("a", "two"),
  });
  const environment = { ...work.environment, RDSIAM_CONFIG: "two.toml" };
  const host = async (file: string | undefined) =>
    (await loadConfig(file, environment, work.folder)).targets.get("a")?.fields
      .host;
  assert.equal(await host("one.toml"), "one");
  assert.equal(await host(undefined), "two");
});

Deno.test("loadConfig() misses a named file", async () => {
  await using work = await workIn("work", {});
  const path = join(work.path, "work", "no.toml");
  const hint = "Name a file that does, or leave it out";
  await assertRefusesLater(loadConfig("no.toml", {}, work.folder), {
    message: `Configuration file "${path}" of --config does not exist`,
    hint,
  });
  await assertRefusesLater(
    loadConfig(undefined, { RDSIAM_CONFIG: "no.toml" }, work.folder),
    {
      message: `Configuration file "${path}" of RDSIAM_CONFIG does not exist`,
      hint,
    },
  );
});

Deno.test({
  name:
    "loadConfig() refuses a found file that others may write to, and takes it named",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using work = await workIn("work", {
      "work/rdsiam.toml": target("a", "db"),
    });
    await Deno.chmod(join(work.folder, "rdsiam.toml"), 0o646);
    const path = join(work.path, "work/rdsiam.toml");
    await assertRefusesLater(
      loadConfig(undefined, work.environment, work.folder),
      {
        message:
          `Configuration file "${path}" is not trusted: everybody may write to it`,
        hint: `Let only yourself write to it, or name it with --config ${path}`,
      },
    );
    const { targets } = await loadConfig(
      "rdsiam.toml",
      work.environment,
      work.folder,
    );
    assert.deepEqual([...targets.keys()], ["a"]);
  },
});

Deno.test("loadConfig() refuses a file that is not UTF-8", async () => {
  await using work = await workIn("work", {});
  await Deno.writeFile(
    join(work.folder, "x.toml"),
    new Uint8Array([0x23, 0xff]),
  );
  await assertRefusesLater(
    loadConfig("x.toml", work.environment, work.folder),
    {
      message: `Configuration file "${
        join(work.path, "work/x.toml")
      }" is not UTF-8`,
      hint: "Save it as UTF-8",
    },
  );
});

Deno.test("loadConfig() says which file it does not understand", async () => {
  await using work = await workIn("work", { "work/rdsiam.toml": "hots = 1" });
  await assertRefusesLater(
    loadConfig(undefined, work.environment, work.folder),
    {
      message: `Configuration file "${
        join(work.path, "work/rdsiam.toml")
      }", line 1: key "hots" is not known`,
      hint: "Known: default_target, targets, sync",
    },
  );
});

Deno.test("loadConfig() says of a folder that it is none to read", async () => {
  await using folder = await temporaryFolder();
  await assertRefusesLater(loadConfig(folder.path, {}), {
    kind: "failed",
    message: `File "${folder.path}" cannot be read: it is a folder`,
    hint: "Name a plain file",
  });
});
