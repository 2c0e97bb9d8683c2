import assert from "node:assert/strict";
import type { WriterEntry } from "../../../core/writer/writer.ts";
import env from "../../../plugins/env.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, run } from "../../programs.ts";
import { fakeEntry, TOKEN } from "../entries.ts";

const ODD: Partial<WriterEntry> = { username: "a #b & 'c", database: "d e" };

Deno.test("env with format shell is what a shell reads back", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/env`;
  const { newText } = env({ format: "shell" }).render([fakeEntry(ODD)], "");
  await Deno.writeTextFile(file, newText);
  const read = await run("sh", [
    "-c",
    `. "$1"; sh -c 'echo "$PGPASSWORD"; echo "$PGUSER"'`,
    "sh",
    file,
  ]);
  assert.deepEqual(read, { code: 0, output: `${TOKEN}\na #b & 'c\n` });
});

Deno.test("env is what direnv loads, also after a change", async (t) => {
  if (await isMissing(t, "direnv")) return;
  await using folder = await temporaryFolder();
  const { path } = folder;
  const environment = {
    HOME: path,
    XDG_DATA_HOME: `${path}/data`,
    DIRENV_LOG_FORMAT: "",
  };
  await Deno.writeTextFile(`${path}/.envrc`, "dotenv_if_exists .env.rdsiam\n");
  await run("direnv", ["allow", path], environment);
  for (const username of ["app", "a #b & c"]) {
    const { newText } = env().render([fakeEntry({ username })], "");
    await Deno.writeTextFile(`${path}/.env.rdsiam`, newText);
    const read = await run("direnv", [
      "exec",
      path,
      "sh",
      "-c",
      'echo "$PGPASSWORD"; echo "$PGUSER"',
    ], environment);
    assert.deepEqual(read, { code: 0, output: `${TOKEN}\n${username}\n` });
  }
});
