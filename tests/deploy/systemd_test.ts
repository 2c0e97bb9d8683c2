import assert from "node:assert/strict";
import { temporaryFolder } from "../adapters/temporary_folder.ts";
import { startEmulator } from "../e2e/emulator.ts";
import { configuredTarget, startProxy } from "../e2e/proxy/proxy.ts";
import { rdsiam } from "../e2e/rdsiam.ts";
import { isMissing, run } from "../programs.ts";
import { DEPLOY, readProxyArguments } from "./files.ts";

const UNITS = ["rdsiam-proxy.service", "rdsiam-proxy.socket"] as const;

const SERVICE = await Deno.readTextFile(`${DEPLOY}systemd/${UNITS[0]}`);

const PROGRAM = "/usr/local/bin/rdsiam";

/** The value of a setting of the service. */
function setting(name: string): string {
  return new RegExp(`^${name}=(.*)$`, "m").exec(SERVICE)?.[1] ?? "";
}

Deno.test("systemd finds nothing wrong with the units of deploy/systemd", async (t) => {
  if (await isMissing(t, "systemd-analyze")) return;
  await using folder = await temporaryFolder();
  const paths: string[] = [];
  for (const unit of UNITS) {
    const text = await Deno.readTextFile(`${DEPLOY}systemd/${unit}`);
    const path = `${folder.path}/${unit}`;
    // It looks for the program.
    await Deno.writeTextFile(path, text.replace(PROGRAM, "/bin/true"));
    paths.push(path);
  }
  const verified = await run("systemd-analyze", [
    ...["verify", "--man=no"],
    ...paths,
  ]);
  assert.deepEqual(verified, { code: 0, output: "" });
});

Deno.test("the service gives its sessions time to drain and descriptors enough", () => {
  const [program, ...args] = setting("ExecStart").split(" ");
  assert.equal(program, PROGRAM);
  const { settings } = readProxyArguments(args);
  assert.ok(Number(setting("TimeoutStopSec")) > settings.drainMs / 1000);
  const descriptors = 2 * settings.maxConnections;
  assert.ok(Number(setting("LimitNOFILE")) > descriptors);
});

Deno.test("the service's command line becomes ready and tells systemd", async () => {
  await using emulator = await startEmulator();
  await emulator.query("create role app login", "grant rds_iam to app");
  await using folder = await temporaryFolder();
  const config = `${folder.path}/rdsiam.toml`;
  await Deno.writeTextFile(config, configuredTarget(emulator, "orders", "app"));
  await Deno.mkdir(`${folder.path}/rdsiam`);
  const [, , ...args] = setting("ExecStart")
    .replace("/etc/rdsiam/rdsiam.toml", config)
    .replace("%S", folder.path)
    .replace("127.0.0.1:9090", "127.0.0.1:0")
    .split(" ");
  const path = `${folder.path}/notify`;
  const systemd = Deno.listenDatagram({ transport: "unixpacket", path });
  using closing = new DisposableStack();
  closing.defer(() => systemd.close());
  await using proxy = await startProxy(args, { NOTIFY_SOCKET: path });
  const [bytes] = await systemd.receive();
  assert.equal(new TextDecoder().decode(bytes), "READY=1");
  const { listen } = await proxy.until(({ event }) => event === "http");
  const check = ["proxy", "--http", String(listen), "--check"];
  assert.equal((await rdsiam(check)).code, 0);
  const password = await Deno.readTextFile(`${folder.path}/rdsiam/password`);
  assert.match(password, /^\S{32}\n$/);
});
