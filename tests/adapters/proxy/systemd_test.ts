import assert from "node:assert/strict";
import {
  notifySystemd,
  passedSockets,
} from "../../../adapters/proxy/systemd.ts";

const PID = String(Deno.pid);

Deno.test("passedSockets() finds the sockets that are this process's, and their names", () => {
  const none = { LISTEN_PID: "1", LISTEN_FDS: "2" };
  assert.deepEqual(passedSockets({}), []);
  assert.deepEqual(passedSockets(none), []);
  assert.deepEqual(
    passedSockets({
      LISTEN_PID: PID,
      LISTEN_FDS: "3",
      LISTEN_FDNAMES: "orders:billing",
    }),
    [
      { fd: 3, name: "orders" },
      { fd: 4, name: "billing" },
      { fd: 5, name: "" },
    ],
  );
  assert.deepEqual(passedSockets({ LISTEN_PID: PID, LISTEN_FDS: "x" }), []);
});

Deno.test("notifySystemd() tells nobody where there is nobody, and fails where nobody listens", async () => {
  await notifySystemd({}, "READY=1");
  await assert.rejects(
    notifySystemd({ NOTIFY_SOCKET: "/nowhere/notify" }, "READY=1"),
  );
});
