import assert from "node:assert/strict";
import { findManager } from "../../../core/daemon/find_manager.ts";
import { assertRefuses } from "../../rdsiam_error.ts";
import { definition } from "./example.ts";

const HOME = "/home/app";

Deno.test("findManager() drives systemd on Linux, for the user", () => {
  const place = { os: "linux", environment: { HOME }, uid: 1000 };
  const manager = findManager("orders", place);
  assert.equal(manager.path, "/home/app/.config/systemd/user/orders.service");
  assert.match(manager.format(definition()), /\nExecStart=/);
  assert.deepEqual(manager.start, [
    ["systemctl", "--user", "daemon-reload"],
    ["systemctl", "--user", "enable", "orders.service"],
    ["systemctl", "--user", "restart", "orders.service"],
  ]);
  assert.deepEqual(manager.remove, [
    ["systemctl", "--user", "disable", "--now", "orders.service"],
  ]);
  const environment = { HOME, XDG_CONFIG_HOME: "/c" };
  assert.equal(
    findManager("a", { ...place, environment }).path,
    "/c/systemd/user/a.service",
  );
});

Deno.test("findManager() reads what systemctl says", () => {
  const place = { os: "linux", environment: { HOME }, uid: 1000 };
  const { readStatus } = findManager("orders", place);
  const stdout =
    "UnitFileState=enabled\nActiveState=active\nSubState=running\n";
  assert.deepEqual(readStatus({ code: 0, stdout }), {
    isEnabled: true,
    isRunning: true,
    detail: "active (running)",
  });
  assert.deepEqual(
    readStatus({
      code: 0,
      stdout: "UnitFileState=\nActiveState=failed\nSubState=failed\n",
    }),
    { isEnabled: false, isRunning: false, detail: "failed (failed)" },
  );
  assert.equal(readStatus({ code: 1, stdout: "" }).isRunning, false);
});

Deno.test("findManager() drives launchd on macOS", () => {
  const manager = findManager("orders", {
    os: "darwin",
    environment: { HOME: "/Users/app" },
    uid: 501,
  });
  const path = "/Users/app/Library/LaunchAgents/orders.plist";
  assert.equal(manager.path, path);
  assert.deepEqual(manager.end, [["launchctl", "bootout", "gui/501/orders"]]);
  assert.deepEqual(manager.start, [[
    "launchctl",
    "bootstrap",
    "gui/501",
    path,
  ]]);
  assert.match(
    manager.format(definition()),
    /<string>\/Users\/app\/Library\/Logs\/orders\.log</,
  );
  assert.deepEqual(
    manager.readStatus({ code: 0, stdout: "x = {\n\tstate = running\n}" }),
    { isEnabled: true, isRunning: true, detail: "running" },
  );
  assert.deepEqual(manager.readStatus({ code: 113, stdout: "" }), {
    isEnabled: false,
    isRunning: false,
    detail: "not loaded",
  });
});

Deno.test("findManager() drives the Task Scheduler on Windows", () => {
  const manager = findManager("orders", {
    os: "windows",
    environment: { APPDATA: "C:\\A", USERNAME: "app", USERDOMAIN: "PC" },
    uid: null,
  });
  assert.equal(manager.path, "C:\\A\\rdsiam\\orders.xml");
  assert.equal(manager.hasEnvironment, false);
  assert.match(manager.format(definition()), /<UserId>PC\\app</);
  const task = ["/TN", "rdsiam\\orders"];
  assert.deepEqual(manager.start, [
    ["schtasks", "/Create", ...task, "/XML", manager.path, "/F"],
    ["schtasks", "/Run", ...task],
  ]);
  assert.deepEqual(manager.remove, [["schtasks", "/Delete", ...task, "/F"]]);
  const stdout = '"\\rdsiam\\orders","N/A","Running"\r\n';
  assert.deepEqual(manager.readStatus({ code: 0, stdout }), {
    isEnabled: true,
    isRunning: true,
    detail: "Running",
  });
});

Deno.test("findManager() says what is missing", () => {
  assertRefuses(
    () => findManager("x", { os: "linux", environment: {}, uid: 1 }),
    {
      message: "Variable HOME is not set",
      hint: "Set HOME, as a login does",
    },
  );
  assertRefuses(
    () => findManager("x", { os: "freebsd", environment: { HOME }, uid: 1 }),
    {
      message: "Services are not known on freebsd",
      hint: "Start rdsiam sync --watch with what starts programs there",
    },
  );
});
