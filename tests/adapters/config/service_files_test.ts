import assert from "node:assert/strict";
import { join } from "node:path";
import { loadServices } from "../../../adapters/config/service_files.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";

Deno.test("loadServices() puts the user's own before the system's", async () => {
  await using folder = await temporaryFolder();
  const own = join(folder.path, "own.conf");
  const system = join(folder.path, "pg_service.conf");
  await Deno.writeTextFile(own, `[orders]\nhost=${HOST}\n`);
  await Deno.writeTextFile(system, "[orders]\nhost=x\n[audit]\nuser=app\n");
  assert.deepEqual(
    await loadServices({ PGSERVICEFILE: own, PGSYSCONFDIR: folder.path }),
    [
      { name: "orders", fields: { host: HOST }, hasPassword: false, file: own },
      {
        name: "audit",
        fields: { username: "app" },
        hasPassword: false,
        file: system,
      },
    ],
  );
});

Deno.test({
  name: "loadServices() looks into the home folder",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const file = join(folder.path, ".pg_service.conf");
    await Deno.writeTextFile(file, "[orders]\n");
    const [service] = await loadServices({ HOME: folder.path });
    assert.equal(service?.file, file);
  },
});

Deno.test("loadServices() finds none where there is no file", async () => {
  await using folder = await temporaryFolder();
  assert.deepEqual(await loadServices({}), []);
  assert.deepEqual(
    await loadServices({ HOME: folder.path, PGSYSCONFDIR: folder.path }),
    [],
  );
});

Deno.test("loadServices() says when a file cannot be read", async () => {
  await using folder = await temporaryFolder();
  await assertRefusesLater(loadServices({ PGSERVICEFILE: folder.path }), {
    kind: "failed",
    message: `Service file "${folder.path}" cannot be read`,
    hint: "Check its owner and mode, or name another with PGSERVICEFILE",
  });
});
