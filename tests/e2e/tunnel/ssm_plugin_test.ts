import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, skip } from "../../programs.ts";
import { freePort } from "./bastion.ts";
import { has, startPrivateDatabase, WHO } from "./database.ts";
import { startSsmService } from "./ssm_service.ts";

const PLUGIN = fileURLToPath(new URL("fake_plugin.sh", import.meta.url));

Deno.test("sessions that KMS encrypts go through AWS's plugin, where it is installed", async (t) => {
  if (await isMissing(t, "psql")) return;
  for (const program of ["socat", "nc"]) {
    if (!await has(program)) {
      return await skip(t, `${program} is not installed`);
    }
  }
  await using database = await startPrivateDatabase();
  await using folder = await temporaryFolder();
  const path = `${folder.path}/session-manager-plugin`;
  await Deno.copyFile(PLUGIN, path);
  await Deno.chmod(path, 0o755);
  await using service = startSsmService({
    actions: [{ ActionType: "KMSEncryption", ActionParameters: {} }],
  });
  const result = await database.exec("ssm:i-0123456789abcdef0", WHO, {
    AWS_ENDPOINT_URL: service.url,
    PATH: `${folder.path}:${Deno.env.get("PATH")}`,
    FAKE_PLUGIN_PORT: `${freePort()}`,
  });
  assert.deepEqual(result, { code: 0, stdout: "app\n", stderr: "" });
  assert.deepEqual(service.calls.map(({ operation }) => operation), [
    "StartSession",
    "TerminateSession",
    "StartSession",
    "TerminateSession",
  ]);
});
