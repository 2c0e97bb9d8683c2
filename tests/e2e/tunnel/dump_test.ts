import assert from "node:assert/strict";
import { isMissing, skip } from "../../programs.ts";
import { sshdIsMissing, startBastion } from "./bastion.ts";
import { has, startPrivateDatabase } from "./database.ts";
import { MEGABYTES } from "./dump_size.ts";
import { startSocksServer } from "./socks_server.ts";
import { startSsmService } from "./ssm_service.ts";
import { KEY, rdsiam } from "../rdsiam.ts";

/** A server of the same version as the programs: pg_dump refuses a newer one. */
const SERVER = "/usr/lib/postgresql/15";

Deno.test(`a dump of ${MEGABYTES} MB comes whole through each way`, async (t) => {
  if (await isMissing(t, "pg_dump", "bash")) return;
  if (!await has(`${SERVER}/bin/postgres`)) {
    return await skip(t, `${SERVER} is missing`);
  }
  await using database = await startPrivateDatabase("--postgres", SERVER);
  const rows = MEGABYTES * 1000;
  await database.emulator.query(
    `create table dumped as select n, repeat(md5(n::text), 32) as text from generate_series(1, ${rows}) n`,
    "grant select on dumped to app",
  );
  // Newer ones write a random key into each dump (`\restrict`).
  const dump = [
    ...["bash", "-o", "pipefail", "-c"],
    "pg_dump -a -t dumped | grep -v restrict | tee >(wc -c >&2) | md5sum",
  ];
  const direct = await rdsiam([
    ...["exec", ...database.emulator.options, "-U", "app", "-d", "postgres"],
    ...["--", ...dump],
  ], { env: KEY });
  assert.equal(direct.code, 0, direct.stderr);
  assert.ok(Number(direct.stderr) > MEGABYTES * 1_000_000, direct.stderr);

  async function comesWhole(spec: string, env: Record<string, string> = {}) {
    const result = await database.exec(spec, dump, env);
    assert.deepEqual(result, direct);
  }

  await t.step("ssh", async (t) => {
    if (sshdIsMissing()) return await skip(t, "sshd is not installed");
    await using bastion = await startBastion();
    await comesWhole("ssh:bastion", { PATH: bastion.path });
  });

  await t.step("SOCKS5", async () => {
    await using server = startSocksServer();
    await comesWhole(`socks5://127.0.0.1:${server.port}`);
  });

  await t.step("a command", async (t) => {
    if (!await has("socat")) return await skip(t, "socat is missing");
    await comesWhole("socat - TCP:%h:%p");
  });

  await t.step("Systems Manager", async () => {
    await using service = startSsmService();
    await comesWhole("ssm:i-0123456789abcdef0", {
      AWS_ENDPOINT_URL: service.url,
    });
  });
});
