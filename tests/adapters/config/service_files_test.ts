import assert from "node:assert/strict";
import { join } from "node:path";
import { loadPgServices } from "../../../adapters/config/service_files.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const HOST = "orders.abc.eu-west-1.rds.amazonaws.com";

Deno.test("loadPgServices() puts the user's own before the system's", async () => {
  await using folder = await temporaryFolder();
  const own = join(folder.path, "own.conf");
  const system = join(folder.path, "pg_service.conf");
  await Deno.writeTextFile(own, `[orders]\nhost=${HOST}\n`);
  await Deno.writeTextFile(system, "[orders]\nhost=x\n[audit]\nuser=app\n");
  assert.deepEqual(
    await loadPgServices({ PGSERVICEFILE: own, PGSYSCONFDIR: folder.path }),
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
  name: "loadPgServices() looks into the home folder",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const file = join(folder.path, ".pg_service.conf");
    await Deno.writeTextFile(file, "[orders]\n");
    const [service] = await loadPgServices({ HOME: folder.path });
    assert.equal(service?.file, file);
  },
});

Deno.test("loadPgServices() finds none where there is no file", async () => {
  await using folder = await temporaryFolder();
  assert.deepEqual(await loadPgServices({}), []);
  assert.deepEqual(
    await loadPgServices({ HOME: folder.path, PGSYSCONFDIR: folder.path }),
    [],
  );
});

Deno.test("loadPgServices() says when a file cannot be read", async () => {
  await using folder = await temporaryFolder();
  await assertRefusesLater(loadPgServices({ PGSERVICEFILE: folder.path }), {
    kind: "failed",
    message: `Service file "${folder.path}" cannot be read`,
    hint: "Check its owner and mode, or name another with PGSERVICEFILE",
  });
});
