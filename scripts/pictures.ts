/**
 * `deno task pictures`: makes the terminal's pictures in `docs/pictures` of real runs, against the emulator. Needs tmux
 * and psql.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { PERMISSIONS } from "../cli/frame/permissions.ts";
import { writeProgram } from "../tests/adapters/release/program.ts";
import { temporaryFolder } from "../tests/adapters/temporary_folder.ts";
import { type Emulator, psql, startEmulator } from "../tests/e2e/emulator.ts";
import { KEY } from "../tests/e2e/rdsiam.ts";
import { Terminal } from "../tests/e2e/terminal.ts";
import { PROMPT, type Scene, SCENES } from "./pictures/scenes.ts";
import { renderTerminal } from "./pictures/terminal_svg.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COLUMNS = 84;
const ROWS = 60;
/** What the folder is called in the pictures. */
const HOME = "/home/jo";

/** A folder with the configuration of a database `orders` in the emulator, and `rdsiam` on the path. */
async function furnish(folder: string, emulator: Emulator): Promise<void> {
  await Deno.writeTextFile(
    `${folder}/rdsiam.toml`,
    `[targets.orders]
host = "${emulator.host}"
database = "orders"
username = "app"
connect = "${emulator.listen}"
sslrootcert = "${emulator.ca}"

[targets.orders.admin]
username = "${emulator.master.username}"
`,
  );
  const { username, password } = emulator.master;
  await Deno.writeTextFile(
    `${folder}/.pgpass`,
    `*:*:*:${username}:${password}\n`,
    { mode: 0o600 },
  );
  await Deno.mkdir(`${folder}/bin`);
  const rdsiam = [Deno.execPath(), "run", "--no-prompt", ...PERMISSIONS]
    .join(" ");
  await writeProgram(
    `${folder}/bin/rdsiam`,
    `exec ${rdsiam} "${ROOT}cli/main.ts" "$@"`,
  );
}

/** Types what the scene says, and gives what the screen shows in the end. */
async function play(
  scene: Scene,
  folder: string,
  env: Record<string, string>,
): Promise<string[]> {
  await using terminal = await Terminal.open({
    ...env,
    HOME: folder,
    PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
  });
  await terminal.resize(COLUMNS, ROWS);
  await terminal.enter(
    `cd "${folder}"; PS1='\\[\\e[1;32m\\]$\\[\\e[0m\\] '; clear`,
  );
  await terminal.see(PROMPT);
  for (const { type, until = PROMPT } of scene.steps) {
    const before = (await terminal.see(/ $/)).split("\n").length;
    await terminal.enter(type);
    await terminal.see(new RegExp(`^(.*\n){${before},}.*${until.source}`));
  }
  let screen = (await terminal.colours()).replaceAll(folder, HOME);
  for (const [found, shown] of scene.chance ?? []) {
    screen = screen.replaceAll(new RegExp(found, "g"), shown);
  }
  // The prompt that waits is left out.
  return screen.trimEnd().replace(/\s*\n\S*\$\S*$/, "").split("\n");
}

/** Makes each picture anew, by its file name. */
export async function pictures(): Promise<Map<string, string>> {
  await using emulator = await startEmulator();
  await emulator.query("create database orders");
  const { ca, port, master: { username: user, password } } = emulator;
  await psql(
    { ca, port, user, password, dbname: "orders" },
    "create table orders (id serial, item text)",
  );
  await using folder = await temporaryFolder();
  await furnish(folder.path, emulator);
  const env = { ...KEY };
  const made = new Map<string, string>();
  for (const scene of SCENES) {
    const lines = await play(scene, folder.path, env);
    const picture = { title: scene.title, columns: COLUMNS, lines };
    made.set(`${scene.name}.svg`, renderTerminal(picture));
  }
  return made;
}

if (import.meta.main) {
  for (const [name, svg] of await pictures()) {
    await Deno.writeTextFile(`${ROOT}docs/pictures/${name}`, svg);
  }
}
