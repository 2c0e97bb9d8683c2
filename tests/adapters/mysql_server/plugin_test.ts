import assert from "node:assert/strict";
import { join } from "node:path";
import {
  installPlugin,
  PLUGIN_FILE,
} from "../../../adapters/mysql_server/plugin.ts";
import { isMissing } from "../../programs.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

/** A compiler that is not there: whoever gets a plugin with it has it from the cache. */
const NONE = "no-such-compiler";

Deno.test("installPlugin() compiles once, and keeps what it made for the next start", async (t) => {
  if (await isMissing(t, "cc")) return;
  await using home = await temporaryFolder();
  await using first = await temporaryFolder();
  await using second = await temporaryFolder();
  const environment = { XDG_CACHE_HOME: home.path, HOME: home.path };
  await installPlugin({ folder: first.path, environment });
  await installPlugin({ folder: second.path, environment, compiler: NONE });
  const made = await Deno.readFile(join(first.path, PLUGIN_FILE));
  const kept = await Deno.readFile(join(second.path, PLUGIN_FILE));
  assert.deepEqual(kept, made);
  assert.equal(await modeOf(join(second.path, PLUGIN_FILE)), "0755");
  const names = await Array.fromAsync(Deno.readDir(first.path));
  assert.deepEqual(names.map(({ name }) => name), [PLUGIN_FILE]);
});

Deno.test("installPlugin() takes nothing from a cache folder that others can write to", async (t) => {
  if (await isMissing(t, "cc")) return;
  await using home = await temporaryFolder();
  await using folder = await temporaryFolder();
  const environment = { XDG_CACHE_HOME: home.path, HOME: home.path };
  await installPlugin({ folder: folder.path, environment });
  const [plugins] = [
    join(home.path, "rdsiam/plugins"),
    join(home.path, "Library/Caches/rdsiam/plugins"),
  ].filter((path) => exists(path));
  await Deno.chmod(plugins ?? "", 0o777);
  await assert.rejects(
    installPlugin({ folder: folder.path, environment, compiler: NONE }),
    { kind: "failed" },
  );
});

Deno.test("installPlugin() says what to install where there is no compiler, and what one that fails says", async (t) => {
  await using folder = await temporaryFolder();
  const options = { folder: folder.path, environment: {} };
  await assert.rejects(installPlugin({ ...options, compiler: NONE }), {
    kind: "failed",
    message:
      'Authentication plugin of the emulator cannot be compiled: there is no C compiler "no-such-compiler"',
    hint: /^Install one \(Debian: gcc and libc6-dev; /,
  });
  if (await isMissing(t, "cc")) return;
  const broken = join(folder.path, "broken-cc");
  await Deno.writeTextFile(broken, "#!/bin/sh\necho no stdlib.h >&2\nexit 1\n");
  await Deno.chmod(broken, 0o755);
  await assert.rejects(installPlugin({ ...options, compiler: broken }), {
    kind: "failed",
    message: /cannot be compiled: .*broken-cc says\n {2}no stdlib\.h$/,
  });
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
