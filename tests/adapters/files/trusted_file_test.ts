import assert from "node:assert/strict";
import { join } from "node:path";
import {
  distrust,
  requireTrustedFile,
} from "../../../adapters/files/trusted_file.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { temporaryFolder } from "../temporary_folder.ts";

/** A folder of ours with a plugin in it. */
async function pluginFile() {
  const { path: folder, ...rest } = await temporaryFolder();
  const path = join(folder, "x.ts");
  await Deno.writeTextFile(path, "export default 1;");
  await Deno.chmod(path, 0o644);
  return { folder, path, ...rest };
}

Deno.test("requireTrustedFile() takes a file that this user alone can change", async () => {
  await using file = await pluginFile();
  assert.equal(await requireTrustedFile(file.path), file.path);
  await Deno.chmod(file.path, 0o755);
  await Deno.chmod(file.folder, 0o755);
  assert.equal(await requireTrustedFile(file.path), file.path);
});

Deno.test("requireTrustedFile() refuses a file that others can write to", async () => {
  await using file = await pluginFile();
  for (const [mode, octal] of [[0o664, "0664"], [0o646, "0646"]] as const) {
    await Deno.chmod(file.path, mode);
    await assertRefusesLater(requireTrustedFile(file.path), {
      message:
        `Plugin "${file.path}" is refused: others can write to "${file.path}", its mode is ${octal}`,
      hint: `chmod go-w "${file.path}"`,
    });
  }
});

Deno.test("requireTrustedFile() refuses a file in a folder that others can write to, however high above", async () => {
  await using file = await pluginFile();
  const inner = join(file.folder, "a", "b");
  await Deno.mkdir(inner, { recursive: true, mode: 0o755 });
  const path = join(inner, "y.ts");
  await Deno.writeTextFile(path, "", { mode: 0o644 });
  await Deno.chmod(file.folder, 0o777);
  await assertRefusesLater(requireTrustedFile(path), {
    message:
      `Plugin "${path}" is refused: others can write to "${file.folder}", its mode is 0777`,
    hint: `chmod go-w "${file.folder}"`,
  });
});

Deno.test("requireTrustedFile() takes a file of ours in a sticky folder, as /tmp is", async () => {
  await using file = await pluginFile();
  await Deno.chmod(file.folder, 0o1777);
  assert.equal(await requireTrustedFile(file.path), file.path);
});

Deno.test("requireTrustedFile() looks at the file behind a link, and at both folders", async () => {
  await using file = await pluginFile();
  await using links = await temporaryFolder();
  const link = join(links.path, "link.ts");
  await Deno.symlink(file.path, link);
  assert.equal(await requireTrustedFile(link), file.path);

  for (
    const [path, mode] of [
      [links.path, 0o777],
      [file.folder, 0o777],
      [file.path, 0o666],
    ] as const
  ) {
    await Deno.chmod(path, mode);
    await assertRefusesLater(requireTrustedFile(link), {
      message:
        `Plugin "${link}" is refused: others can write to "${path}", its mode is 0${
          mode.toString(8)
        }`,
      hint: `chmod go-w "${path}"`,
    });
    await Deno.chmod(path, 0o700);
  }
});

Deno.test({
  name:
    "requireTrustedFile() refuses a file, a folder and a link of another user",
  ignore: Deno.uid() !== 0, // only root can give files away
  fn: refusesOthersFiles,
});

async function refusesOthersFiles() {
  await using file = await pluginFile();
  await using links = await temporaryFolder();
  const link = join(links.path, "link.ts");
  await Deno.symlink(file.path, link);
  const chown = (path: string, owner: string) =>
    new Deno.Command("chown", { args: ["-h", owner, path] }).output();
  for (const path of [file.path, file.folder, link]) {
    await chown(path, "65534");
    const named = path === link ? link : file.path;
    await assertRefusesLater(requireTrustedFile(named), {
      message:
        `Plugin "${named}" is refused: "${path}" belongs to another user, number 65534`,
      hint: "Put a copy of your own into a folder of your own",
    });
    await chown(path, "0");
  }
  assert.equal(await requireTrustedFile(link), file.path);
}

Deno.test("requireTrustedFile() says that a file is missing, or is none", async () => {
  await using folder = await temporaryFolder();
  const missing = join(folder.path, "none.ts");
  await assertRefusesLater(requireTrustedFile(missing), {
    message: `Plugin "${missing}" cannot be used: it is not found`,
    hint: "Check its path",
  });
  await assertRefusesLater(requireTrustedFile(folder.path), {
    message: `Plugin "${folder.path}" cannot be used: it is not a file`,
    hint: "Name a module or a program",
  });
});

const ME = 1000;

function assertDistrusts(
  file: { uid: number; gid: number; mode: number },
  why: string | undefined,
  uid: number | null = ME,
) {
  assert.equal(distrust(file, uid), why);
}

Deno.test("distrust() trusts this user's files and root's", () => {
  assertDistrusts({ uid: ME, gid: ME, mode: 0o100644 }, undefined);
  assertDistrusts({ uid: ME, gid: 50, mode: 0o100600 }, undefined);
  assertDistrusts({ uid: 0, gid: 0, mode: 0o100644 }, undefined);
});

Deno.test("distrust() trusts no file of another user, for root either", () => {
  const why = "it belongs to another user";
  assertDistrusts({ uid: 1001, gid: ME, mode: 0o100600 }, why);
  assertDistrusts({ uid: ME, gid: ME, mode: 0o100600 }, why, 0);
});

Deno.test("distrust() trusts no file that others may write to", () => {
  assertDistrusts(
    { uid: ME, gid: ME, mode: 0o100646 },
    "everybody may write to it",
  );
  assertDistrusts(
    { uid: ME, gid: 50, mode: 0o100664 },
    "its group may write to it",
  );
  assertDistrusts(
    { uid: 0, gid: ME, mode: 0o100664 },
    "its group may write to it",
  );
});

Deno.test("distrust() minds no group that is the user alone, as umask 002 leaves it", () => {
  assertDistrusts({ uid: ME, gid: ME, mode: 0o100664 }, undefined);
  assertDistrusts({ uid: 0, gid: 0, mode: 0o100664 }, undefined);
});

Deno.test("distrust() has nothing to say on Windows", () => {
  assertDistrusts({ uid: 0, gid: 0, mode: 0o100666 }, undefined, null);
});
