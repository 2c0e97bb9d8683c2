import assert from "node:assert/strict";
import { createProgramFile } from "../../../adapters/release/program_file.ts";
import { namesIn, standIn } from "../../release/server.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const ignore = Deno.build.os === "windows"; // the stand-in is a script of the shell

Deno.test({
  name:
    "createProgramFile() moves a program of Windows aside, and removes it the next time",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/rdsiam.exe`;
    await Deno.writeTextFile(path, "1.0.0");
    const file = createProgramFile(path, "windows");
    for (const version of ["1.1.0", "1.2.0"]) {
      const before = await Deno.readTextFile(path);
      await file.replace(new TextEncoder().encode(standIn(version)), version);
      assert.equal(await Deno.readTextFile(path), standIn(version));
      assert.equal(await Deno.readTextFile(`${path}.old`), before);
      assert.deepEqual(await namesIn(folder.path), [
        "rdsiam.exe",
        "rdsiam.exe.old",
      ]);
    }
  },
});
