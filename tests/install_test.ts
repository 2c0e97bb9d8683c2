import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  archiveName,
  CHECKSUMS_NAME,
  RELEASE_TARGETS,
} from "../core/release/release.ts";
import { modeOf, temporaryFolder } from "./adapters/temporary_folder.ts";
import { writeProgram } from "./adapters/release/program.ts";
import { isMissing, run } from "./programs.ts";
import {
  archiveOf,
  assetOf,
  checksumLine,
  type Fault,
  namesIn,
  serveRdsiam,
  standIn,
} from "./release/server.ts";

const SCRIPT = fileURLToPath(new URL("../install.sh", import.meta.url));
const { target: TARGET, os: OS } = Deno.build;
const ignore = OS === "windows";

/** What the script downloads with, either of them. */
const DOWNLOADERS = ["curl", "wget"];

/** What the script itself calls, beside what it chooses from. */
const TOOLS =
  "uname getconf ldd sysctl tar gzip mkdir mktemp rm mv chmod cat tail grep sh";

interface InstallOptions {
  shell?: string[];
  args?: string[];
  /** The folders of `PATH`. */
  path?: string;
  url: string;
  script?: string;
  home: string;
}

async function install(
  { shell = ["sh"], args = [], path, url, script = SCRIPT, home }:
    InstallOptions,
) {
  const [program = "", ...rest] = shell;
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...rest, script, ...args],
    env: {
      PATH: path ?? Deno.env.get("PATH") ?? "",
      HOME: home,
      RDSIAM_DOWNLOAD_URL: url,
    },
    clearEnv: true,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A folder with links to these programs, and nothing else. */
async function pathWith(folder: string, programs: string): Promise<string> {
  await Deno.mkdir(folder);
  for (const program of programs.split(" ")) {
    for (const bin of (Deno.env.get("PATH") ?? "").split(":")) {
      try {
        await Deno.stat(`${bin}/${program}`);
        await Deno.symlink(`${bin}/${program}`, `${folder}/${program}`);
        break;
      } catch {
        // In the next folder, or nowhere.
      }
    }
  }
  return folder;
}

for (const shell of [["dash"], ["bash"], ["busybox", "sh"]]) {
  Deno.test({
    name: `install.sh puts the latest rdsiam into ~/.local/bin, run by ${
      shell.join(" ")
    }`,
    ignore,
    async fn(t) {
      if (await isMissing(t, shell[0] ?? "", DOWNLOADERS)) return;
      await using server = await serveRdsiam();
      await using home = await temporaryFolder();
      const { url } = server;
      const result = await install({ shell, url, home: home.path });
      const folder = `${home.path}/.local/bin`;
      assert.deepEqual(result, {
        code: 0,
        stdout: "",
        stderr: `Downloading rdsiam 1.2.0 for ${TARGET}\n` +
          `Installed: ${folder}/rdsiam (rdsiam 1.2.0)\n` +
          `hint: Folder ${folder} is not on PATH; add it: export PATH="${folder}:$PATH"\n`,
      });
      assert.deepEqual(await namesIn(folder), ["rdsiam"]);
      assert.equal(await modeOf(`${folder}/rdsiam`), "0755");
      const asset = assetOf("1.2.0");
      assert.deepEqual(server.asked, [
        "/latest/download/SHA256SUMS",
        `/download/v1.2.0/${asset}`,
      ]);
    },
  });
}

Deno.test({
  name: "install.sh installs the version and into the folder that are named",
  ignore,
  async fn(t) {
    if (await isMissing(t, DOWNLOADERS)) return;
    await using server = await serveRdsiam();
    await using home = await temporaryFolder();
    const dir = `${home.path}/my tools`;
    const args = ["--version", "v1.1.0", "--dir", dir];
    const path = `${Deno.env.get("PATH")}:${dir}`;
    const result = await install({
      url: server.url,
      args,
      path,
      home: home.path,
    });
    assert.equal(
      result.stderr,
      `Downloading rdsiam 1.1.0 for ${TARGET}\nInstalled: ${dir}/rdsiam (rdsiam 1.1.0)\n`,
    );
    assert.equal(
      await Deno.readTextFile(`${dir}/rdsiam`),
      standIn("1.1.0"),
    );
  },
});

for (const tools of ["wget sha256sum", "curl shasum perl", "curl openssl"]) {
  Deno.test({
    name: `install.sh makes do with ${tools}`,
    ignore: OS !== "linux",
    async fn(t) {
      if (await isMissing(t, tools.split(" ")[0] ?? "")) return;
      await using server = await serveRdsiam();
      await using home = await temporaryFolder();
      const path = await pathWith(`${home.path}/path`, `${TOOLS} ${tools}`);
      const result = await install({
        url: server.url,
        path,
        home: home.path,
        shell: ["/bin/sh"],
      });
      assert.equal(result.code, 0, result.stderr);
      assert.deepEqual(await namesIn(`${home.path}/.local/bin`), ["rdsiam"]);
    },
  });
}

Deno.test({
  name: "install.sh makes do with what busybox has",
  ignore: OS !== "linux",
  async fn(t) {
    if (await isMissing(t, "busybox")) return;
    await using server = await serveRdsiam();
    await using home = await temporaryFolder();
    const path = await pathWith(`${home.path}/path`, "busybox getconf");
    const applets = `${TOOLS} wget sha256sum`.split(" ")
      .filter((name) => !["getconf", "ldd", "sysctl"].includes(name));
    for (const name of applets) {
      await Deno.symlink("busybox", `${path}/${name}`);
    }
    const result = await install({
      url: server.url,
      path,
      home: home.path,
      shell: [`${path}/sh`],
    });
    assert.equal(result.code, 0, result.stderr);
    assert.deepEqual(await namesIn(`${home.path}/.local/bin`), ["rdsiam"]);
  },
});

const DAMAGED =
  "error: The download is damaged: its SHA-256 is not the one in SHA256SUMS";
const FAULTS: readonly [
  what: string,
  end: string,
  fault: Fault,
  error: string,
][] = [
  ["a corrupted archive", ".gz", "corrupted", DAMAGED],
  ["a truncated archive", ".gz", "truncated", DAMAGED],
  ["a missing archive", ".gz", "missing", "error: Download failed: "],
  [
    "a server that goes away half-way",
    ".gz",
    "interrupted",
    "error: Download failed: ",
  ],
  [
    "missing checksums",
    "SHA256SUMS",
    "missing",
    "error: Download failed: ",
  ],
  [
    "truncated checksums",
    "SHA256SUMS",
    "truncated",
    "error: The release has no binary for this machine",
  ],
  [
    "checksums of which only half came",
    "SHA256SUMS",
    "interrupted",
    "error: Download failed: ",
  ],
];
for (const program of ["curl", "wget"]) {
  for (const [what, end, fault, error] of FAULTS) {
    // security: download-checksum
    Deno.test({
      name:
        `install.sh leaves the old binary, and nothing else, after ${what} (${program})`,
      ignore: OS !== "linux",
      async fn(t) {
        if (await isMissing(t, program)) return;
        await using server = await serveRdsiam();
        await using home = await temporaryFolder();
        server.faults.set(end, fault);
        const path = await pathWith(
          `${home.path}/path`,
          `${TOOLS} sha256sum ${program}`,
        );
        const dir = `${home.path}/bin`;
        await Deno.mkdir(dir);
        await writeProgram(`${dir}/rdsiam`, "echo old");
        const result = await install({
          url: server.url,
          args: ["--dir", dir],
          path,
          home: home.path,
          shell: ["/bin/sh"],
        });
        assert.equal(result.code, 1);
        assert.ok(
          result.stderr.includes(`\n${error}`) ||
            result.stderr.startsWith(error),
          result.stderr,
        );
        assert.match(result.stderr, /\nhint: /);
        assert.deepEqual(await namesIn(dir), ["rdsiam"]);
        assert.equal(
          await Deno.readTextFile(`${dir}/rdsiam`),
          "#!/bin/sh\necho old\n",
        );
      },
    });
  }
}

Deno.test({
  name: "install.sh does nothing when it was cut off on its way, wherever",
  ignore,
  async fn() {
    await using server = await serveRdsiam();
    await using home = await temporaryFolder();
    const whole = await Deno.readTextFile(SCRIPT);
    const script = `${home.path}/part.sh`;
    for (let part = 1; part < 40; part++) {
      const length = Math.floor(whole.length * part / 40);
      await Deno.writeTextFile(script, whole.slice(0, length));
      await install({ url: server.url, home: home.path, script });
    }
    await Deno.writeTextFile(script, whole.slice(0, -'main "$@"\n'.length));
    await install({ url: server.url, home: home.path, script });
    assert.deepEqual(server.asked, []);
    assert.deepEqual(await namesIn(home.path), ["part.sh"]);
  },
});

Deno.test({
  name:
    "install.sh does not replace by what does not run or is another version",
  ignore,
  async fn(t) {
    if (await isMissing(t, DOWNLOADERS)) return;
    await using server = await serveRdsiam();
    await using home = await temporaryFolder();
    const options = {
      url: server.url,
      home: home.path,
      args: ["--dir", home.path],
    };
    const asset = assetOf("1.2.0");
    const cases: [program: string, error: RegExp][] = [
      ["#!/nonexistent\n", /^error: The binary does not run on this machine/m],
      [
        standIn("1.1.0"),
        /^error: The binary says that it is "rdsiam 1.1.0", not rdsiam 1.2.0$/m,
      ],
    ];
    for (const [program, error] of cases) {
      const archive = await archiveOf(program);
      const sums = new TextEncoder().encode(checksumLine(asset, archive));
      server.files.set("/latest/download/SHA256SUMS", sums);
      server.files.set(`/download/v1.2.0/${asset}`, archive);
      const { code, stderr } = await install(options);
      assert.equal(code, 1);
      assert.match(stderr, error);
      assert.deepEqual(await namesIn(home.path), []);
    }
  },
});

const MACHINES: readonly [
  programs: Record<string, string>,
  error: string,
][] = [
  [{ uname: '[ "$1" = -s ] && echo Linux || echo riscv64' }, "processor"],
  [{ uname: '[ "$1" = -s ] && echo FreeBSD || echo amd64' }, "system"],
  [{ uname: '[ "$1" = -s ] && echo MINGW64_NT || echo x86_64' }, "Windows"],
  [{
    uname: '[ "$1" = -s ] && echo Linux || echo x86_64',
    getconf: "exit 1",
    ldd: 'echo "musl libc (x86_64)" >&2; exit 1',
  }, "musl instead of glibc"],
];
for (const [programs, error] of MACHINES) {
  Deno.test({
    name: `install.sh refuses a machine with what to do instead: ${error}`,
    ignore,
    async fn() {
      await using server = await serveRdsiam();
      await using home = await temporaryFolder();
      for (const [name, script] of Object.entries(programs)) {
        await writeProgram(`${home.path}/${name}`, script);
      }
      const path = `${home.path}:${Deno.env.get("PATH")}`;
      const result = await install({
        url: server.url,
        path,
        home: home.path,
      });
      assert.equal(result.code, 1);
      assert.match(result.stderr, /^error: .*\nhint: .*\n$/);
      assert.ok(result.stderr.includes(error), result.stderr);
      assert.deepEqual(server.asked, []);
    },
  });
}

Deno.test({
  name: "install.sh takes the binary for Apple's own processor under Rosetta",
  ignore,
  async fn(t) {
    if (await isMissing(t, DOWNLOADERS)) return;
    await using server = await serveRdsiam();
    await using home = await temporaryFolder();
    await writeProgram(
      `${home.path}/uname`,
      '[ "$1" = -s ] && echo Darwin || echo x86_64',
    );
    await writeProgram(`${home.path}/sysctl`, "echo 1");
    const path = `${home.path}:${Deno.env.get("PATH")}`;
    const { stderr } = await install({
      url: server.url,
      path,
      home: home.path,
    });
    assert.match(stderr, /no binary for this machine \(aarch64-apple-darwin\)/);
  },
});

Deno.test({
  name: "install.sh says what is wrong with its options",
  ignore,
  async fn() {
    await using home = await temporaryFolder();
    const cases: [args: string[], url: string, error: string][] = [
      [["--dri", "x"], "", "error: Unknown option --dri"],
      [["--dir"], "", "error: Option --dir needs a value"],
      [["--version", "../../x"], "", "error: The --version is not valid"],
      ...["ftp://mirror", "http://mirror", "http://127.0.0.1.example/"].map((
        url,
      ): typeof cases[number] => [
        [],
        url,
        "error: RDSIAM_DOWNLOAD_URL is not an HTTPS URL",
      ]),
    ];
    for (const [args, url, error] of cases) {
      const result = await install({ url, args, home: home.path });
      assert.equal(result.code, 2);
      assert.equal(result.stderr.split("\n")[0], error);
      assert.match(result.stderr, /\nhint: .*\n$/);
    }
    const { code, stdout } = await install({
      url: "",
      args: ["--help"],
      home: home.path,
    });
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: install\.sh \[--version X\.Y\.Z\]/);
  },
});

Deno.test({
  name: "install.sh says which folder cannot be written to",
  ignore: ignore || Deno.uid() === 0, // root may write anywhere
  async fn() {
    await using server = await serveRdsiam();
    await using home = await temporaryFolder();
    await Deno.chmod(home.path, 0o500);
    const result = await install({ url: server.url, home: home.path });
    assert.equal(result.code, 1);
    assert.match(result.stderr, /^error: Folder .* cannot be made\nhint: /);
  },
});

Deno.test({
  name: "install.sh is clean to shellcheck",
  ignore,
  async fn(t) {
    if (await isMissing(t, "shellcheck")) return;
    for (const dialect of ["sh", "dash"]) {
      const result = await run("shellcheck", ["--shell", dialect, SCRIPT]);
      assert.deepEqual(result, { code: 0, output: "" });
    }
  },
});

Deno.test("install.ps1 asks for what releases for Windows are called", async () => {
  const script = await Deno.readTextFile(
    new URL("../install.ps1", import.meta.url),
  );
  const windows = RELEASE_TARGETS.filter(({ os }) => os === "windows");
  assert.equal(windows.length, 1);
  for (const target of windows) {
    const name = archiveName("VERSION", target);
    assert.equal(name, `rdsiam-VERSION-${target.triple}.zip`);
    assert.ok(script.includes(`$target = "${target.triple}"`));
    assert.ok(script.includes(String.raw`-$target\.zip"`));
    assert.ok(script.includes(`"${CHECKSUMS_NAME}"`));
  }
});
