import assert from "node:assert/strict";
import { useMysqlWorlds } from "../proxy/mysql_proxy.ts";
import { KEY, rdsiam } from "../rdsiam.ts";
import { sshdIsMissing, startBastion } from "./bastion.ts";
import { startSocksServer } from "./socks_server.ts";

const worldTest = useMysqlWorlds();

worldTest(
  "MySQL and MariaDB are reached through a tunnel, too",
  async ({ emulator }) => {
    const options = (tunnel: string) => [
      ...["connect", ...emulator.options, "-U", "app", "-d", "shop"],
      ...["--tunnel", tunnel, "--", "-Nse", "select current_user()"],
    ];
    await using server = startSocksServer();
    const spec = `socks5://127.0.0.1:${server.port}`;
    const result = await rdsiam(options(spec), { env: KEY });
    assert.deepEqual(result, { code: 0, stdout: "app@%\n", stderr: "" });
    assert.ok(server.asked.length > 0);
    if (sshdIsMissing()) return;
    await using bastion = await startBastion();
    const env = { ...KEY, PATH: bastion.path };
    const { stdout, stderr } = await rdsiam(options("ssh:bastion"), { env });
    assert.equal(stdout, "app@%\n", stderr);
  },
);
