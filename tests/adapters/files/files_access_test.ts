import assert from "node:assert/strict";
import { join } from "node:path";
import { isMissing, run } from "../../programs.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { startProgram } from "../deno_program.ts";
import {
  append,
  CHANGED,
  files,
  folderWithFile,
  OPEN,
  SECRET,
  UNCHANGED,
} from "./files_fixture.ts";
import { namesIn } from "../postgres_server/fixture.ts";
import { modeOf } from "../temporary_folder.ts";

const NOBODY = 65534;

/** Makes root as powerless as any user towards the files of others. */
const WITHOUT_POWERS = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];

function tightened(path: string, from: string, to: string): string[] {
  return [`Mode of "${path}" tightened from ${from} to ${to}`];
}

// security: sync-file-mode
Deno.test("Files.update() tightens the mode of a secret file, changed or not, and says so", async () => {
  for (const change of [append("x"), (old: string) => old]) {
    for (
      const [mode, from, to] of [
        [0o644, "0644", "0600"],
        [0o640, "0640", "0600"],
        [0o666, "0666", "0600"],
        [0o444, "0444", "0400"],
        [0o755, "0755", "0700"],
      ] as const
    ) {
      await using folder = await folderWithFile("old\n", { mode });
      const { notices } = await files.update(folder.file, change, SECRET);
      assert.deepEqual(notices, tightened(folder.file, from, to));
      assert.equal(await modeOf(folder.file), to);
      const again = await files.update(folder.file, change, SECRET);
      assert.deepEqual(again.notices, []);
    }
  }
});

Deno.test("Files.update() keeps a mode that lets nobody in, and any of a file without secrets", async () => {
  for (
    const [mode, options] of [
      [0o400, SECRET],
      [0o700, SECRET],
      [0o644, OPEN],
      [0o664, OPEN],
    ] as const
  ) {
    await using folder = await folderWithFile("old\n", { mode });
    const before = await modeOf(folder.file);
    assert.deepEqual(
      await files.update(folder.file, append("x"), options),
      CHANGED,
    );
    assert.deepEqual(
      await files.update(folder.file, (old) => old, options),
      UNCHANGED,
    );
    assert.equal(await modeOf(folder.file), before);
  }
});

Deno.test("Files.update() never lets others read a new content, not even where umask would", async () => {
  await using folder = await folderWithFile("", { mode: 0o666 });
  const modes = new Set<string>();
  // In a process of its own, since umask is the whole process's.
  await using program = startProgram(
    "update_program.ts",
    [folder.file, "app"],
    {},
    ["sh", "-c", 'umask 0; exec "$@"', "sh"],
  );
  await program.read();
  for (let look = 0; look < 100_000 && modes.size < 1 || look < 500; look++) {
    for (const name of await namesIn(folder.path)) {
      if (name === "pgpass") continue;
      modes.add(await modeOf(join(folder.path, name)).catch(() => "gone"));
      modes.delete("gone");
    }
  }
  assert.deepEqual([...modes], ["0600"]);
});

Deno.test("Files.update() says when a file had another name", async () => {
  await using folder = await folderWithFile("old\n");
  const other = join(folder.path, "other");
  await Deno.link(folder.file, other);
  assert.deepEqual(await files.update(folder.file, append("x"), SECRET), {
    changed: true,
    notices: [
      `"${folder.file}" had another name, a hard link, which keeps the old content`,
    ],
  });
  assert.equal(await Deno.readTextFile(other), "old\n");
});

Deno.test("Files.update() by root keeps a file's owner and group", async () => {
  if (Deno.uid() !== 0) return; // who cannot give one away
  await using folder = await folderWithFile("old\n", { mode: 0o640 });
  await Deno.chown(folder.file, NOBODY, 12345);
  await files.update(folder.file, append("x"), OPEN);
  const { uid, gid } = await Deno.stat(folder.file);
  assert.deepEqual([uid, gid], [NOBODY, 12345]);
  assert.equal(await modeOf(folder.file), "0640");
  await files.update(folder.file, append("x"), SECRET);
  assert.equal((await Deno.stat(folder.file)).uid, NOBODY);
});

Deno.test("Files.update() refuses to take a file from its owner", async (t) => {
  if (Deno.uid() !== 0) return; // who alone can play another user
  if (await isMissing(t, "setpriv")) return;
  await using folder = await folderWithFile("old\n", { mode: 0o644 });
  await Deno.chown(folder.file, NOBODY, NOBODY);
  assert.equal(
    await tryUpdate([folder.file, "x"], WITHOUT_POWERS),
    `File "${folder.file}" cannot be changed: it would lose its owner 65534 or group 65534|` +
      "Run this as the file's owner\n",
  );
  assert.equal(await Deno.readTextFile(folder.file), "old\n");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() changes a file whose group it cannot keep when the group has no access", async (t) => {
  if (Deno.uid() !== 0) return; // who alone can give a file a foreign group
  if (await isMissing(t, "setpriv")) return;
  await using folder = await folderWithFile("old\n", { mode: 0o640 });
  await Deno.chown(folder.file, 0, NOBODY);
  assert.equal(
    await tryUpdate([folder.file, "x"], WITHOUT_POWERS),
    "done\n",
  );
  assert.equal(await Deno.readTextFile(folder.file), "old\nx\n");
  assert.equal(await modeOf(folder.file), "0600");
});

Deno.test("Files.update() says that it needs the folder too, and when it may not read the file", async (t) => {
  if (Deno.uid() !== 0) return; // who alone can play another user
  if (await isMissing(t, "setpriv")) return;
  for (
    const [folderOwner, fileOwner] of [[NOBODY, 0], [0, NOBODY]] as const
  ) {
    await using folder = await folderWithFile("old\n");
    await Deno.chmod(folder.path, 0o755);
    await Deno.chown(folder.file, fileOwner, fileOwner);
    await Deno.chown(folder.path, folderOwner, folderOwner);
    assert.equal(
      await tryUpdate([folder.file, "x"], WITHOUT_POWERS),
      `File "${folder.file}" cannot be changed: permission denied|` +
        `Both must be yours to write to, since a new file takes the old one's place: ls -ld '${folder.path}' '${folder.file}'\n`,
    );
    assert.equal(await Deno.readTextFile(folder.file), "old\n");
    assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
  }
});

Deno.test("Files.update() keeps the old file when the new one gets larger than the user may have", async () => {
  await using folder = await folderWithFile("old\n");
  const launcher = ["sh", "-c", 'trap "" XFSZ; ulimit -f 1; exec "$@"', "sh"];
  assert.equal(
    await tryUpdate([folder.file, "x".repeat(100_000)], launcher),
    `File "${folder.file}" cannot be changed: File too large|undefined\n`,
  );
  assert.equal(await Deno.readTextFile(folder.file), "old\n");
  assert.deepEqual(await namesIn(folder.path), ["pgpass"]);
});

Deno.test("Files.update() keeps the old file when the disk is full, read-only, or the file alone is mounted", async () => {
  for (
    const [script, why, hint] of [
      [
        "mount -t tmpfs -o size=64k tmpfs $0; cp $1 $0/pgpass",
        "the disk is full",
        "Free some space; the old content stands",
      ],
      [
        "mount -t tmpfs tmpfs $0; cp $1 $0/pgpass; mount -o remount,ro $0",
        "its file system is read-only",
        "Both must be yours to write to, since a new file takes the old one's place",
      ],
      [
        "touch $0/pgpass; mount --bind $1 $0/pgpass",
        "it is a mount point of its own",
        "Mount its folder instead of the file alone",
      ],
    ] as const
  ) {
    await using folder = await folderWithFile("old\n", { name: "original" });
    const mounted = join(folder.path, "mounted");
    await Deno.mkdir(mounted);
    const inMounts = `${script} && shift && "$@"; ls -A $0; cat $0/pgpass`;
    if (!await canMount()) return; // as in a container
    const output = await tryUpdate(
      [join(mounted, "pgpass"), "x".repeat(100_000)],
      ["unshare", "-m", "sh", "-c", inMounts, mounted, folder.file],
    );
    const error = `File "${mounted}/pgpass" cannot be changed: ${why}|${hint}`;
    assert.equal(output.slice(0, error.length), error);
    assert.match(output.slice(error.length), /^.*\npgpass\nold\n$/);
  }
});

Deno.test("Files.update() refuses what is no plain file, or too large, and a circle of links", async () => {
  await using folder = await folderWithFile("old\n");
  async function assertRefused(name: string, why: string, hint: string) {
    const path = join(folder.path, name);
    const expected = {
      kind: "failed",
      message: `File "${path}" is not used: ${why}`,
      hint,
    } as const;
    await assertRefusesLater(files.update(path, append("x"), SECRET), expected);
    await assertRefusesLater(files.read(path), expected);
  }
  await Deno.mkdir(join(folder.path, "folder"));
  await assertRefused("folder", "it is a folder", "Name a plain file");
  await new Deno.Command("mkfifo", { args: [join(folder.path, "pipe")] })
    .output();
  await assertRefused("pipe", "it is a named pipe", "Name a plain file");
  await Deno.symlink("/dev/zero", join(folder.path, "device"));
  await assertRefused("device", "it is a device", "Name a plain file");
  using _listener = Deno.listen({
    transport: "unix",
    path: join(folder.path, "socket"),
  });
  await assertRefused("socket", "it is a socket", "Name a plain file");
  await Deno.truncate(folder.file, 64 * 1024 * 1024 + 1);
  await assertRefused(
    "pgpass",
    "it has more than 64 MiB",
    "Check that it is the file that you mean",
  );
  await Deno.symlink("circle", join(folder.path, "circle"));
  await assertRefused(
    "circle",
    "its links lead in a circle",
    "Point the link to a file, or remove it",
  );
});

async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const args = ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"];
  return (await run("unshare", args)).code === 0;
}

/** Appends a line in a process of its own, and gives what it prints: the error. */
async function tryUpdate(args: string[], launcher: string[]): Promise<string> {
  await using program = startProgram("try_update.ts", args, {}, launcher);
  let output = "";
  for (;;) {
    const part = await program.read();
    if (part === undefined) return output;
    output += part;
  }
}
