import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { commandText, ownCommand } from "../../../cli/frame/own_command.ts";
import { PERMISSIONS } from "../../../cli/frame/permissions.ts";
import { run } from "../../e2e/rdsiam.ts";

Deno.test("ownCommand() is the binary alone when that is what runs", () => {
  assert.deepEqual(
    ownCommand({
      standalone: true,
      execPath: "/opt/my tools/rdsiam",
      mainModule: "file:///tmp/deno-compile-rdsiam/cli/main.ts",
    }),
    ["/opt/my tools/rdsiam"],
  );
});

Deno.test("ownCommand() names Deno, the permissions and the module otherwise", () => {
  const process = { standalone: false, execPath: "/usr/bin/deno" };
  const start = ["/usr/bin/deno", "run", "--no-prompt", ...PERMISSIONS];
  assert.deepEqual(
    ownCommand({ ...process, mainModule: "file:///src/my%20app/cli/main.ts" }),
    [...start, "/src/my app/cli/main.ts"],
  );
  assert.deepEqual(
    ownCommand({ ...process, mainModule: "https://example.com/main.ts" }),
    [...start, "https://example.com/main.ts"],
  );
});

Deno.test("ownCommand() calls rdsiam from any folder, with nothing in the environment", async () => {
  const main = new URL("../../../cli/main.ts", import.meta.url);
  const command = ownCommand({
    standalone: false,
    execPath: Deno.execPath(),
    mainModule: main.href,
  });
  assert.equal(command.at(-1), fileURLToPath(main));
  const folder = await Deno.makeTempDir();
  try {
    const script = `cd '${folder}' && ${
      commandText([...command, "--version"])
    }`;
    const { stdout, stderr } = await run(["/bin/sh", "-c", script], {
      env: { PATH: undefined },
    });
    assert.match(`${stdout}${stderr}`, /^rdsiam \d+\.\d+\.\d+\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("commandText() leaves a single word as it is, and quotes several", () => {
  assert.equal(commandText(["/my tools/rdsiam"]), "/my tools/rdsiam");
  assert.equal(
    commandText(["/usr/bin/deno", "run", "/it's here/main.ts"]),
    `/usr/bin/deno run '/it'\\''s here/main.ts'`,
  );
});
