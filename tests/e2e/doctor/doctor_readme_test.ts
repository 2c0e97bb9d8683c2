import assert from "node:assert/strict";
import { AwsQueryServer } from "../../aws/server.ts";
import { instance } from "../../fake_aws.ts";
import { startEmulator } from "../emulator.ts";
import { KEY, rdsiam } from "../rdsiam.ts";

Deno.test("README shows what doctor prints", async () => {
  const folder = await Deno.makeTempDir();
  await using emulator = await startEmulator();
  await using aws = new AwsQueryServer([instance("orders", { iam: "off" })]);
  await emulator.query("create role app login");
  await Deno.writeTextFile(
    `${folder}/rdsiam.toml`,
    `[targets.orders]
host = "${emulator.host}"
database = "postgres"
username = "app"
connect = "${emulator.listen}"
sslrootcert = "${emulator.ca}"
`,
  );
  const { code, stdout } = await rdsiam(["doctor", "orders"], {
    cwd: folder,
    env: { ...aws.env, ...KEY, PGPASSFILE: "/nonexistent/pgpass" },
  });
  const steady = stdout
    .replaceAll(await Deno.realPath(folder), "/home/me/shop")
    .replaceAll(emulator.listen, "127.0.0.1:15432")
    .replace(/connected in \d+ ms/, "connected in 21 ms")
    .replace(
      /. psql .*\n(?: +→ .*\n)?/,
      "✓ psql           17.2 at /usr/bin/psql\n",
    );
  const readme = await Deno.readTextFile(
    new URL("../../../README.md", import.meta.url),
  );
  assert.ok(readme.includes(`$ rdsiam doctor orders\n${steady}`), steady);
  assert.equal(code, 5);
  await Deno.remove(folder, { recursive: true });
});
