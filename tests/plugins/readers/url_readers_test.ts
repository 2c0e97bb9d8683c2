import assert from "node:assert/strict";
import url from "../../../plugins/url.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, run } from "../../programs.ts";
import { fakeEntry, TOKEN } from "../entries.ts";
import { startPasswordRecorder } from "./password_recorder.ts";

Deno.test("url is what psql logs in with over verified TLS", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using server = await startPasswordRecorder();
  await using folder = await temporaryFolder();
  const sslrootcert = `${folder.path}/ca.pem`;
  await Deno.writeTextFile(sslrootcert, server.ca);
  const { newText } = url().render([
    fakeEntry({ host: "localhost", port: server.port, sslrootcert }),
  ], "");
  const { code, output } = await run("timeout", [
    "20",
    "psql",
    newText,
    "-c",
    "",
  ]);
  assert.equal(code, 2, output);
  assert.equal(await server.password, TOKEN);
});
