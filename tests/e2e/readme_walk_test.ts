import assert from "node:assert/strict";
import { AwsQueryServer } from "../aws/server.ts";
import { instance } from "../fake_aws.ts";
import { isMissing } from "../programs.ts";
import { startEmulator } from "./emulator.ts";
import { leadToEmulator } from "./lead_to.ts";
import { KEY, rdsiam } from "./rdsiam.ts";

/** Shows a command as it is typed. */
function typed(args: readonly string[]): string {
  const words = args.map((word) => word.includes(" ") ? `"${word}"` : word);
  return `$ rdsiam ${words.join(" ")}\n`;
}

Deno.test("README's way from nothing to psql is what the program prints", async (t) => {
  if (await isMissing(t, "psql")) return;
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await using emulator = await startEmulator();
  await using aws = new AwsQueryServer([
    instance("orders", { database: "orders" }),
  ]);
  await emulator.query("create database orders");
  const orders = emulator.connect({ ...emulator.master, database: "orders" });
  await orders`create table orders (id serial, item text)`;
  await orders.end();
  const env = {
    ...aws.env,
    ...KEY,
    XDG_CONFIG_HOME: folder,
  };
  const password = { PGPASSWORD: emulator.master.password };
  const walk: readonly [args: readonly string[], env?: typeof password][] = [
    [["targets", "discover", "--save", "orders", "-U", "app"]],
    [["setup-db", "orders", "--grant-public-crud"], password],
    [["exec", "orders", "--", "psql", "-c", "select session_user"]],
  ];
  const shown: string[] = [];
  for (const [args, more] of walk) {
    const { code, stdout, stderr } = await rdsiam(args, {
      cwd: folder,
      env: { ...env, ...more },
    });
    assert.equal(code, 0, stderr);
    await leadToEmulator(`${folder}/rdsiam/config.toml`, emulator);
    shown.push(typed(args) + (stdout + stderr).trimEnd());
  }
  const transcript = shown.join("\n\n").replaceAll(folder, "/home/me/.config");
  const readme = await Deno.readTextFile(
    new URL("../../README.md", import.meta.url),
  );
  assert.ok(
    readme.includes(`\`\`\`console\n${transcript}\n\`\`\``),
    transcript,
  );
  await Deno.remove(folder, { recursive: true });
});
