import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { createPrivateFolder } from "../../../adapters/files/private_folder.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { startProgram } from "../deno_program.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import {
  modeOf,
  type TemporaryFolder,
  temporaryFolder,
} from "../temporary_folder.ts";

const NAME = `rdsiam-${Deno.uid()}`;

function inRuntimeFolder({ path }: TemporaryFolder) {
  return createPrivateFolder({ XDG_RUNTIME_DIR: path });
}

/** The folders of runs below a parent. */
async function runsIn({ path }: TemporaryFolder): Promise<string[]> {
  const names = await namesIn(join(path, NAME));
  return names.filter((name) => name !== ".lock");
}

Deno.test("createPrivateFolder() makes a folder and files for this user alone, and takes them away", async () => {
  await using parent = await temporaryFolder();
  {
    await using folder = await inRuntimeFolder(parent);
    const path = await folder.write("pgpass", "secret");
    assert.equal(await Deno.readTextFile(path), "secret");
    assert.equal(await modeOf(path), "0600");
    assert.equal(await modeOf(dirname(path)), "0700");
    assert.equal(dirname(dirname(path)), join(parent.path, NAME));
    assert.equal(await modeOf(join(parent.path, NAME)), "0700");
  }
  assert.deepEqual(await runsIn(parent), []);
});

Deno.test("PrivateFolder.write() replaces a file in its place", async () => {
  await using parent = await temporaryFolder();
  await using folder = await inRuntimeFolder(parent);
  const path = await folder.write("pgpass", "old");
  assert.equal(await folder.write("pgpass", "new"), path);
  assert.equal(await Deno.readTextFile(path), "new");
});

Deno.test("PrivateFolder.write() says what to do when its folder is gone", async () => {
  await using parent = await temporaryFolder();
  await using folder = await inRuntimeFolder(parent);
  const path = dirname(await folder.write("pgpass", "old"));
  await Deno.remove(path, { recursive: true });
  await assert.rejects(folder.write("pgpass", "secret"), {
    kind: "failed",
    message:
      /^A private file cannot be written below ".*\/run-.*": No such file or directory/,
    hint: "Free some space, or set TMPDIR to a folder that can be written to",
  });
});

Deno.test("createPrivateFolder() gives each run its own, also when many begin at once", async () => {
  await using parent = await temporaryFolder();
  const folders = await Promise.all(
    Array.from({ length: 10 }, () => inRuntimeFolder(parent)),
  );
  const paths = await Promise.all(
    folders.map((folder, i) => folder.write("pgpass", `secret ${i}`)),
  );
  assert.equal(new Set(paths).size, 10);
  for (const [i, path] of paths.entries()) {
    assert.equal(await Deno.readTextFile(path), `secret ${i}`);
  }
  await Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]()));
  assert.deepEqual(await runsIn(parent), []);
});

// security: exec-leftovers
Deno.test("createPrivateFolder() removes what a killed process left, and leaves alone what a live one has", async () => {
  await using parent = await temporaryFolder();
  const env = { XDG_RUNTIME_DIR: parent.path };
  await using killed = startProgram("folder_program.ts", [], env);
  await using alive = startProgram("folder_program.ts", [], env);
  const left = (await killed.read())?.trim() ?? "";
  const kept = (await alive.read())?.trim() ?? "";
  {
    await using _folder = await inRuntimeFolder(parent);
    for (const path of [left, kept]) {
      assert.equal(await Deno.readTextFile(path), "secret");
    }
  }
  killed.child.kill("SIGKILL");
  await killed.child.status;
  assert.equal(await Deno.readTextFile(left), "secret");
  await using _folder = await inRuntimeFolder(parent);
  await assert.rejects(Deno.stat(dirname(left)), Deno.errors.NotFound);
  assert.equal(await Deno.readTextFile(kept), "secret");
});

Deno.test("createPrivateFolder() removes a folder that was left before it had its lock", async () => {
  await using parent = await temporaryFolder();
  await (await inRuntimeFolder(parent))[Symbol.asyncDispose]();
  await Deno.mkdir(join(parent.path, NAME, "run-unlocked"));
  await Deno.mkdir(join(parent.path, NAME, "something-else"));
  await (await inRuntimeFolder(parent))[Symbol.asyncDispose]();
  assert.deepEqual(await runsIn(parent), ["something-else"]);
});

Deno.test("createPrivateFolder() follows no link that stands for its folder", async () => {
  await using parent = await temporaryFolder();
  await using elsewhere = await temporaryFolder();
  await Deno.symlink(elsewhere.path, join(parent.path, NAME));
  await assertRefusesLater(inRuntimeFolder(parent), {
    kind: "failed",
    message: `Folder "${
      join(parent.path, NAME)
    }" cannot be used: it must be a folder of yours with mode 0700`,
    hint: "Remove it, or set TMPDIR to a folder of your own",
  });
  assert.deepEqual(await namesIn(elsewhere.path), []);
});

Deno.test("createPrivateFolder() refuses a folder that others can enter, and a file", async () => {
  for (const make of [openFolder, (path: string) => Deno.create(path)]) {
    await using parent = await temporaryFolder();
    using _made = await make(join(parent.path, NAME)) ?? null;
    await assert.rejects(inRuntimeFolder(parent), {
      message: /cannot be used: it must be a folder of yours with mode 0700$/,
    });
  }
});

Deno.test("createPrivateFolder() refuses a folder of another user", async () => {
  if (Deno.uid() !== 0) return; // who cannot give one away
  await using parent = await temporaryFolder();
  const path = join(parent.path, NAME);
  await Deno.mkdir(path, { mode: 0o700 });
  await Deno.chown(path, 65534, 65534);
  await assert.rejects(inRuntimeFolder(parent), {
    message: /cannot be used: it must be a folder of yours with mode 0700$/,
  });
  assert.deepEqual(await namesIn(path), []);
});

Deno.test("createPrivateFolder() uses the temporary folder where the session's runtime folder does not do", async () => {
  await using parent = await temporaryFolder();
  const TMPDIR = parent.path;
  const unfit = ["", join(parent.path, "missing"), "relative", "/etc/passwd"];
  if (Deno.uid() !== 0) unfit.push("/"); // root's
  for (const XDG_RUNTIME_DIR of [undefined, ...unfit]) {
    await using folder = await createPrivateFolder({ TMPDIR, XDG_RUNTIME_DIR });
    const path = await folder.write("pgpass", "secret");
    assert.equal(dirname(dirname(path)), join(parent.path, NAME));
  }
});

Deno.test("createPrivateFolder() puts nothing into the runtime folder of another user", async () => {
  if (Deno.uid() !== 0) return; // who cannot give one away
  await using parent = await temporaryFolder();
  await using runtime = await temporaryFolder();
  await Deno.chown(runtime.path, 65534, 65534);
  const TMPDIR = parent.path;
  const XDG_RUNTIME_DIR = runtime.path;
  await using _folder = await createPrivateFolder({ TMPDIR, XDG_RUNTIME_DIR });
  assert.deepEqual(await namesIn(runtime.path), []);
  assert.deepEqual(await namesIn(parent.path), [NAME]);
});

Deno.test("createPrivateFolder() gives absolute paths below a relative TMPDIR", async () => {
  await using parent = await temporaryFolder();
  const up = Deno.cwd().split("/").filter(Boolean).map(() => "..").join("/");
  const TMPDIR = `${up}${parent.path}`;
  await using folder = await createPrivateFolder({ TMPDIR });
  const path = await folder.write("pgpass", "secret");
  assert.equal(dirname(dirname(path)), join(parent.path, NAME));
});

Deno.test("createPrivateFolder() says what to do when there is no temporary folder", async () => {
  await using parent = await temporaryFolder();
  const missing = join(parent.path, "missing");
  const TMPDIR = missing;
  await assert.rejects(createPrivateFolder({ TMPDIR }), {
    kind: "failed",
    message:
      /^A private file cannot be written below ".*\/missing": No such file or directory/,
    hint: "Free some space, or set TMPDIR to a folder that can be written to",
  });
});

async function openFolder(path: string): Promise<undefined> {
  await Deno.mkdir(path);
  await Deno.chmod(path, 0o755);
}
