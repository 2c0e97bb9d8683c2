import assert from "node:assert/strict";
import { isMissing, skip } from "../../programs.ts";
import { environment, KEY, RDSIAM, rdsiam, run } from "../rdsiam.ts";

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** Runs `rdsiam exec` with a temporary folder of its own, and says what was left there. */
async function exec(
  command: string[],
  { options = [], env = {} }: {
    options?: string[];
    env?: Record<string, string>;
  } = {},
) {
  const folder = await Deno.makeTempDir();
  try {
    const result = await rdsiam(
      ["exec", "-h", HOST, "-U", "app", ...options, "--", ...command],
      { env: { TMPDIR: folder, ...env } },
    );
    return { ...result, left: await filesBelow(folder) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The paths of all files below a folder, but for the lock that the runs share. */
async function filesBelow(folder: string): Promise<string[]> {
  const { stdout } = await run(["find", folder, "-type", "f"]);
  return stdout.split("\n").filter((path) =>
    path !== "" && !/\/rdsiam-\d+\/\.lock$/.test(path)
  );
}

/** Starts `rdsiam exec` with a child that prints its passfile's path and then waits. */
async function startWaiting(
  folder: string,
  script = "echo $PGPASSFILE; exec sleep 60",
) {
  const [program, ...args] = RDSIAM;
  const process = new Deno.Command(program, {
    args: [...args, "exec", "-h", HOST, "-U", "app", "--", "sh", "-c", script],
    env: environment({ ...KEY, TMPDIR: folder }),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  const { value = "" } = await reader.read();
  return { process, reader, firstLine: value.trim() };
}

async function withFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

// security: exec-no-gss
Deno.test("exec gives its child libpq's variables", async () => {
  const { stdout, stderr } = await exec(["sh", "-c", "env | grep ^PG | sort"], {
    options: ["-d", "orders", "--connect", "127.0.0.1:6543"],
  });
  assert.match(
    stdout,
    new RegExp(
      "^PGDATABASE=orders\n" +
        "PGGSSENCMODE=disable\n" +
        `PGHOST=${HOST}\n` +
        "PGHOSTADDR=127\\.0\\.0\\.1\n" +
        "PGPASSFILE=/.*/pgpass\n" +
        "PGPORT=6543\n" +
        "PGSSLMODE=verify-full\n" +
        "PGSSLROOTCERT=/.*/rds-ca\\.pem\n" +
        "PGUSER=app\n$",
    ),
  );
  assert.equal(stderr, "");
});

// security: exec-passfile
Deno.test("exec keeps the passfile to this user, and takes it away at the end", async () => {
  const { stdout, left } = await exec([
    "sh",
    "-c",
    'ls -l "$PGPASSFILE" | cut -c1-10; ls -ld "${PGPASSFILE%/*}" | cut -c1-10; cut -d: -f1-4 "$PGPASSFILE"',
  ]);
  assert.equal(stdout, `-rw-------\ndrwx------\n${HOST}:5432:*:app\n`);
  assert.deepEqual(left, []);
});

// security: exec-password
Deno.test("exec --via password puts one token into PGPASSWORD, and into a private passfile for programs that pass an empty password", async () => {
  const { stdout, left } = await exec(
    ["sh", "-c", 'echo "$PGPASSWORD" | cut -c1-70; stat -c %a "$PGPASSFILE"'],
    { options: ["--via", "password"] },
  );
  assert.equal(stdout, `${HOST}:5432/?Action=connect&D\n600\n`);
  assert.deepEqual(left, []);
});

// security: exec-leaves-home-alone
Deno.test("exec leaves nothing in the home folder, and the passfile as it was", async () => {
  await withFolder(async (home) => {
    const passfile = `${home}/.pgpass`;
    await Deno.writeTextFile(passfile, "a:1:b:c:d\n", { mode: 0o600 });
    const { code } = await exec(["true"], {
      env: { HOME: home, DENO_DIR: environment().DENO_DIR ?? "" },
    });
    assert.equal(code, 0);
    assert.deepEqual(await filesBelow(home), [passfile]);
    assert.equal(await Deno.readTextFile(passfile), "a:1:b:c:d\n");
  });
});

Deno.test("exec takes out what would beat the login, with a warning", async () => {
  const { stdout, stderr } = await exec(
    ["sh", "-c", 'echo "[$PGPASSWORD$PGSERVICE]"'],
    { env: { PGPASSWORD: "hunter2", PGSERVICE: "prod" } },
  );
  assert.equal(stdout, "[]\n");
  assert.equal(
    stderr,
    "warning: PGSERVICE of the environment is left out: it would stand in the way of the login that is injected\n" +
      "warning: PGPASSWORD of the environment is left out: it would stand in the way of the login that is injected\n",
  );
});

Deno.test("exec exits as its child does", async () => {
  assert.equal((await exec(["sh", "-c", "exit 7"])).code, 7);
  assert.equal((await exec(["sh", "-c", "kill -TERM $$"])).code, 143);
});

Deno.test("exec exits 127 for a program that is not found, and 126 for one that cannot be executed", async () => {
  const missing = await exec(["no-such-program"]);
  assert.equal(missing.code, 127);
  assert.equal(
    missing.stderr,
    'error: Program "no-such-program" cannot be started: it is not found\nhint: Check its name and PATH\n',
  );
  const folder = await exec(["/etc"]);
  assert.equal(folder.code, 126);
  assert.match(folder.stderr, /^error: Program "\/etc" cannot be executed\n/);
  assert.deepEqual([...missing.left, ...folder.left], []);
});

Deno.test("exec says what to do when the temporary folder cannot be written to", async () => {
  const { code, stderr } = await rdsiam(
    ["exec", "-h", HOST, "-U", "app", "--", "true"],
    { env: { TMPDIR: "/proc" } },
  );
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error: A private file cannot be written below "\/proc": .*\nhint: .*TMPDIR.*\n$/,
  );
});

Deno.test("exec says what to do when the temporary folder is full", async (t) => {
  await withFolder(async (folder) => {
    const mount = await run([
      "mount",
      "-t",
      "tmpfs",
      "-o",
      "size=16k",
      "tmpfs",
      folder,
    ]);
    if (mount.code !== 0) {
      if (Deno.uid() === 0) {
        return await skip(t, "no file system can be mounted");
      }
      await t.step({
        name: "skipped: only root can mount a small file system",
        ignore: true,
        fn() {},
      });
      return;
    }
    try {
      const { code, stderr } = await rdsiam(
        ["exec", "-h", HOST, "-U", "app", "--", "true"],
        { env: { TMPDIR: folder } },
      );
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^error: A private file cannot be written below .*No space left.*\nhint: Free some space/,
      );
      assert.deepEqual(await filesBelow(folder), []);
    } finally {
      await run(["umount", folder]);
    }
  });
});

Deno.test("SIGTERM to exec ends its child and leaves no file", async () => {
  await withFolder(async (folder) => {
    const { process, reader, firstLine } = await startWaiting(folder);
    assert.ok((await Deno.stat(firstLine)).isFile);
    process.kill("SIGTERM");
    assert.equal((await process.status).code, 143);
    assert.equal((await reader.read()).done, true); // the child held the other end
    assert.deepEqual(await filesBelow(folder), []);
  });
});

Deno.test("SIGINT to exec alone reaches its child where there is no terminal", async (t) => {
  if (await isMissing(t, "setsid")) return;
  await withFolder(async (folder) => {
    const script =
      `trap 'echo interrupted; exit 3' INT; echo $PGPASSFILE; while :; do sleep 0.1; done`;
    const [program, ...args] = RDSIAM;
    const process = new Deno.Command("setsid", {
      args: [
        program,
        ...args,
        "exec",
        "-h",
        HOST,
        "-U",
        "app",
        "--",
        "sh",
        "-c",
        script,
      ],
      env: environment({ ...KEY, TMPDIR: folder }),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    await reader.read();
    process.kill("SIGINT");
    assert.equal((await reader.read()).value, "interrupted\n");
    assert.equal((await process.status).code, 3);
    await reader.cancel();
  });
});

Deno.test("what a killed exec left is removed by the next one", async () => {
  await withFolder(async (folder) => {
    const { process, reader, firstLine } = await startWaiting(
      folder,
      // Ends by itself once its parent is gone.
      "echo $PGPASSFILE; while kill -0 $PPID 2>/dev/null; do sleep 0.1; done",
    );
    process.kill("SIGKILL");
    await process.status;
    await reader.cancel();
    assert.ok((await Deno.stat(firstLine)).isFile);
    // What the child still uses stays for as long as it lives.
    for (let run = 0; run < 20; run++) {
      await rdsiam(["exec", "-h", HOST, "-U", "app", "--", "true"], {
        env: { TMPDIR: folder },
      });
      if ((await filesBelow(folder)).length === 0) break;
    }
    assert.deepEqual(await filesBelow(folder), []);
  });
});

Deno.test("a running exec keeps its passfile while others come and go", async () => {
  await withFolder(async (folder) => {
    const { process, reader, firstLine } = await startWaiting(folder);
    await rdsiam(["exec", "-h", HOST, "-U", "app", "--", "true"], {
      env: { TMPDIR: folder },
    });
    assert.ok((await Deno.stat(firstLine)).isFile);
    process.kill("SIGTERM");
    await process.status;
    await reader.cancel();
  });
});

Deno.test("exec refuses a private folder that another could have made", async () => {
  await withFolder(async (folder) => {
    const own = `${folder}/rdsiam-${Deno.uid()}`;
    await Deno.mkdir(own);
    await Deno.chmod(own, 0o777);
    const { code, stderr } = await rdsiam(
      ["exec", "-h", HOST, "-U", "app", "--", "true"],
      { env: { TMPDIR: folder } },
    );
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error: Folder ".*" cannot be used: it must be a folder of yours with mode 0700\n/,
    );
  });
});
