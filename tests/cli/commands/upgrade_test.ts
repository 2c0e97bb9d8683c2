import assert from "node:assert/strict";
import { run } from "../../../cli/commands/upgrade.ts";
import { createInvocation } from "../../../cli/run.ts";
import { modeOf, temporaryFolder } from "../../adapters/temporary_folder.ts";
import { fakeContext } from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import {
  archiveOf,
  assetOf,
  checksumLine,
  type Fault,
  namesIn,
  type ReleaseServer,
  serveRdsiam,
  standIn,
} from "../../release/server.ts";

const ignore = Deno.build.os === "windows"; // the stand-in is a script of the shell
const ASSET = assetOf("1.2.0");

interface UpgradeOptions {
  version?: string;
  check?: boolean;
  json?: boolean;
}

/** A program in a folder of its own, and a server with others. */
interface Fixture extends AsyncDisposable {
  server: ReleaseServer;
  folder: string;
  program: string;
}

async function fixture(): Promise<Fixture> {
  const server = await serveRdsiam();
  const folder = await temporaryFolder();
  const path = await Deno.realPath(folder.path);
  const program = `${path}/rdsiam`;
  await Deno.writeTextFile(program, standIn("1.1.0"), { mode: 0o755 });
  return {
    server,
    folder: path,
    program,
    async [Symbol.asyncDispose]() {
      await Deno.chmod(path, 0o700);
      await folder[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Runs `upgrade` as that program. */
async function upgrade(
  { server, program }: Pick<Fixture, "server" | "program">,
  options: UpgradeOptions = {},
  { installed = "1.1.0", standalone = true } = {},
) {
  const { context, stdout, stderr } = fakeContext({
    environment: { RDSIAM_DOWNLOAD_URL: `${server.url}/` },
  });
  const invocation = createInvocation(context);
  const mainModule = "file:///home/jo/rdsiam/cli/main.ts";
  const process = { standalone, execPath: program, mainModule };
  await run(options, invocation, process, installed);
  const { exitCode } = invocation;
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** Asserts that the old program stands, with nothing beside it. */
async function assertUntouched({ folder, program }: Fixture): Promise<void> {
  assert.equal(await Deno.readTextFile(program), standIn("1.1.0"));
  assert.deepEqual(await namesIn(folder), ["rdsiam"]);
}

Deno.test({
  name: "upgrade replaces the program by the latest one",
  ignore,
  async fn() {
    await using at = await fixture();
    assert.deepEqual(await upgrade(at), {
      exitCode: 0,
      stdout: `Replaced rdsiam 1.1.0 by 1.2.0: ${at.program}\n`,
      stderr: `Downloading rdsiam 1.2.0 for ${Deno.build.target}\n`,
    });
    assert.equal(await Deno.readTextFile(at.program), standIn("1.2.0"));
    assert.equal(await modeOf(at.program), "0755");
    assert.deepEqual(await namesIn(at.folder), ["rdsiam"]);
  },
});

Deno.test({
  name: "upgrade replaces the file that a link on PATH leads to, not the link",
  ignore,
  async fn() {
    await using at = await fixture();
    const link = `${at.folder}/link`;
    await Deno.symlink("rdsiam", link);
    await upgrade({ ...at, program: link });
    assert.equal(await Deno.readLink(link), "rdsiam");
    assert.equal(await Deno.readTextFile(at.program), standIn("1.2.0"));
  },
});

Deno.test({
  name: "upgrade downloads nothing when the latest version runs already",
  ignore,
  async fn() {
    await using at = await fixture();
    const latest = await upgrade(at, {}, { installed: "1.2.0" });
    assert.equal(latest.stdout, "rdsiam 1.2.0 is the latest version\n");
    const newer = await upgrade(at, {}, { installed: "1.3.0-rc.1" });
    assert.equal(
      newer.stdout,
      "rdsiam 1.3.0-rc.1 is newer than the latest release, 1.2.0\n",
    );
    const named = await upgrade(at, { version: "1.1.0" });
    assert.equal(named.stdout, "rdsiam 1.1.0 is installed already\n");
    assert.ok(at.server.asked.every((path) => path.endsWith("/SHA256SUMS")));
    await assertUntouched(at);
  },
});

Deno.test({
  name: "upgrade goes back to an older version only when it is named",
  ignore,
  async fn() {
    await using at = await fixture();
    const options = { version: "v1.1.0" };
    const { stdout } = await upgrade(at, options, { installed: "1.2.0" });
    assert.equal(stdout, `Replaced rdsiam 1.2.0 by 1.1.0: ${at.program}\n`);
  },
});

Deno.test({
  name:
    "upgrade --check tells what there is, by its exit code too, and changes nothing",
  ignore,
  async fn() {
    await using at = await fixture();
    assert.deepEqual(await upgrade(at, { check: true }), {
      exitCode: 1,
      stdout: "rdsiam 1.2.0 is available; 1.1.0 is installed\n",
      stderr: "",
    });
    const current = { installed: "1.2.0" };
    assert.equal((await upgrade(at, { check: true }, current)).exitCode, 0);
    const source = { standalone: false };
    assert.equal((await upgrade(at, { check: true }, source)).exitCode, 1);
    await assertUntouched(at);
  },
});

Deno.test({
  name:
    "upgrade --json says what was there, what can be had, and what was done",
  ignore,
  async fn() {
    await using at = await fixture();
    const { stdout } = await upgrade(at, { json: true });
    assert.deepEqual(JSON.parse(stdout), {
      installed: "1.1.0",
      available: "1.2.0",
      change: "newer",
      upgraded: true,
      path: at.program,
    });
  },
});

const SUMS = "SHA256SUMS";
const FAULTS: readonly [end: string, fault: Fault, message: RegExp][] = [
  [
    ".gz",
    "corrupted",
    /^The download is damaged: its SHA-256 is not the one in SHA256SUMS$/,
  ],
  [".gz", "truncated", /^The download is damaged: its SHA-256 is not the one/],
  [".gz", "interrupted", /^Download of .*\.tar\.gz failed: /],
  [
    ".gz",
    "missing",
    /^Download of .*\.tar\.gz failed: the server answered 404$/,
  ],
  [
    SUMS,
    "missing",
    /^Download of .*\/latest\/download\/SHA256SUMS failed: the server answered 404$/,
  ],
  [SUMS, "truncated", /^The latest release has no binary for /],
  [SUMS, "interrupted", /^Download of .*SHA256SUMS failed: /],
];
for (const [end, fault, message] of FAULTS) {
  // security: download-checksum
  Deno.test({
    name: `upgrade leaves the old program when ${end} is ${fault}`,
    ignore,
    async fn() {
      await using at = await fixture();
      at.server.faults.set(end, fault);
      await assert.rejects(upgrade(at), { kind: "failed", message });
      await assertUntouched(at);
    },
  });
}

Deno.test({
  name:
    "upgrade leaves the old program when the new one does not run, is another, or is not there",
  ignore,
  async fn() {
    await using at = await fixture();
    const cases: [archive: Uint8Array, message: RegExp][] = [
      [
        await archiveOf("#!/bin/sh\necho too old >&2; exit 3\n"),
        /^The new program does not run on this machine: too old$/,
      ],
      [
        await archiveOf("#!/nonexistent\n"),
        /^The new program does not run on this machine: /,
      ],
      [
        await archiveOf(standIn("6.6.6")),
        /^The new program says that it is "rdsiam 6\.6\.6", not rdsiam 1\.2\.0$/,
      ],
      [
        new TextEncoder().encode("no archive"),
        /^The download is damaged: it cannot be unpacked$/,
      ],
    ];
    for (const [archive, message] of cases) {
      const sums = new TextEncoder().encode(checksumLine(ASSET, archive));
      at.server.files.set("/latest/download/SHA256SUMS", sums);
      at.server.files.set(`/download/v1.2.0/${ASSET}`, archive);
      await assert.rejects(upgrade(at), { kind: "failed", message });
      await assertUntouched(at);
    }
  },
});

Deno.test({
  name: "upgrade says who may replace a program that is somebody else's",
  ignore: ignore || Deno.uid() === 0, // root may write anywhere
  async fn() {
    await using at = await fixture();
    await Deno.chmod(at.folder, 0o500);
    await assertRefusesLater(upgrade(at), {
      kind: "failed",
      message: `Program "${at.program}" cannot be replaced: permission denied`,
      hint:
        `Its folder is somebody else's: ask its owner (ls -ld '${at.folder}'), or install your own with install.sh`,
    });
  },
});

Deno.test({
  name: "upgrade refuses what is no binary, or a package manager's",
  ignore,
  async fn() {
    await using at = await fixture();
    await assertRefusesLater(upgrade(at, {}, { standalone: false }), {
      message: "This rdsiam is not replaced: Deno installed it",
      hint: "In its source tree: git pull",
    });
    const cellar = `${at.folder}/Cellar/rdsiam/1.1.0/bin`;
    await Deno.mkdir(cellar, { recursive: true });
    const program = `${cellar}/rdsiam`;
    await Deno.copyFile(at.program, program);
    await Deno.symlink(program, `${at.folder}/brewed`); // as brew puts it on PATH
    const brewed = { server: at.server, program: `${at.folder}/brewed` };
    await assertRefusesLater(upgrade(brewed), {
      message: "This rdsiam is not replaced: Homebrew installed it",
      hint: "Run: brew upgrade rdsiam",
    });
    assert.deepEqual(at.server.asked, []);
  },
});

Deno.test({
  name: "upgrade refuses a version that is none, and a release without it",
  ignore,
  async fn() {
    await using at = await fixture();
    await assertRefusesLater(upgrade(at, { version: "../x" }), {
      message: "The --version is not valid",
      hint: "Give it as 0.1.0",
    });
    await assertRefusesLater(upgrade(at, { version: "9.9.9" }), {
      kind: "failed",
      message:
        `Download of ${at.server.url}/download/v9.9.9/SHA256SUMS failed: the server answered 404`,
      hint: "Check the version; without --version it is the latest",
    });
  },
});
