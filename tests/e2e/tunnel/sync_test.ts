import assert from "node:assert/strict";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { KEY, rdsiam } from "../rdsiam.ts";

Deno.test("sync says that clients open no tunnel, and writes the endpoint as it is", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/pgpass`;
  const host = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";
  const { code, stderr } = await rdsiam([
    ...["pgpass", "sync", "-h", host, "-U", "app", "--file", file],
    ...["--tunnel", "ssh:bastion", "--connect", "db.internal:5432"],
  ], { env: KEY });
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^warning: "app@.*" is behind a tunnel, which clients do not open: connect them to rdsiam proxy$/m,
  );
  const entry = new RegExp(`^${host}:5432:\\*:app:`, "m");
  assert.match(await Deno.readTextFile(file), entry);
});
