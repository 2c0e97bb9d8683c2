import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { isMissing } from "../programs.ts";
import { PERMISSIONS } from "../../cli/frame/permissions.ts";
import { environment, run } from "../e2e/rdsiam.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DEMO = `${ROOT}scripts/demo.ts`;
const COMMAND = [
  ...[Deno.execPath(), "run", "--no-prompt"] as const,
  ...[...PERMISSIONS, DEMO],
] as const;

function assertWholeDemo(output: string) {
  assert.match(
    output,
    /^\$ rdsiam emulator .*\nlistening on 127\.0\.0\.1:\d+\n/,
  );
  assert.match(
    output,
    /^\$ rdsiam setup-db .*\n(= .*\n)?\+ create login role "app"\n/m,
  );
  assert.match(output, /^\$ rdsiam token\norders\..*…/m);
  assert.match(output, /^\$ rdsiam exec .*\n(.*\n)*.*app.*tea/m);
  assert.match(
    output,
    /PAM authentication failed for user "app"\n# The emulator's own log: .*the signature does not match/,
  );
  assert.match(output, /Done; everything is cleaned up\.\n$/);
}

Deno.test("the demo shows a login by token with psql, and a refusal", async (t) => {
  if (await isMissing(t, "psql")) return;
  const { code, stdout, stderr } = await run(COMMAND);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assertWholeDemo(stdout);
});

Deno.test("docs/emulator.md shows what the demo prints", async (t) => {
  if (await isMissing(t, "psql")) return;
  const { stdout } = await run(COMMAND);
  const page = await Deno.readTextFile(`${ROOT}docs/emulator.md`);
  const shown = /\$ deno task demo\n(.*?)\n```/s.exec(page)?.[1] ?? "";
  assert.notEqual(shown, "");
  assert.ok(withoutChance(stdout).startsWith(withoutChance(shown)));
});

/** Leaves out what differs from run to run: ports and signatures. */
function withoutChance(output: string): string {
  return output.replace(/127\.0\.0\.1:\d+|port \d+/g, "PORT")
    .replace(/…[0-9a-f]+&/g, "…&");
}

Deno.test("the demo works without psql", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // Only Deno and a shell on the PATH.
    await Deno.symlink("/bin/sh", `${folder}/sh`);
    const { code, stdout, stderr } = await run(COMMAND, {
      env: {
        PATH: `${folder}:${dirname(Deno.execPath())}`.replace(
          /:\/usr\/bin$/,
          "",
        ),
      },
    });
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.match(stdout, /demo\/client\.ts/);
    assertWholeDemo(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the demo cleans up when it is interrupted", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o711); // as root, PostgreSQL runs as another user
  try {
    const [program, ...args] = COMMAND;
    const demo = new Deno.Command(program, {
      args,
      env: environment({ TMPDIR: folder }),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = demo.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let output = "";
    while (!output.includes("listening on")) {
      output += (await reader.read()).value;
    }
    demo.kill("SIGINT");
    const stderr = await new Response(demo.stderr).text();
    assert.equal((await demo.status).code, 130);
    assert.match(stderr, /Interrupted; everything is cleaned up\./);
    await reader.cancel();
    const { stdout } = await run([
      "find",
      folder,
      "-type",
      "f",
      "-not",
      "-name",
      ".lock",
    ]);
    assert.equal(stdout, "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the demo shows MariaDB where it is installed", async (t) => {
  if (await isMissing(t, "mariadbd", "mariadb", "cc")) return;
  const { code, stdout, stderr } = await run([...COMMAND, "mariadb"]);
  assert.equal(stderr, "");
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^\$ rdsiam exec -- mariadb .*\n(.*\n)*\| app@% .* tea/m,
  );
  assert.match(
    stdout,
    /ERROR 1045 \(28000\): Access denied for user 'app'@'127\.0\.0\.1' \(using password: YES\)\n# The emulator's own log: .*the signature does not match/,
  );
  assert.match(stdout, /Done; everything is cleaned up\.\n$/);
});

Deno.test("the demo names the engines that it has", async () => {
  const { code, stderr } = await run([...COMMAND, "oracle"]);
  assert.equal(code, 2);
  assert.match(stderr, /There is no demo of "oracle": postgres or mariadb/);
});
