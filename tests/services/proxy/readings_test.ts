import assert from "node:assert/strict";
import { Readings } from "../../../services/proxy/readings.ts";
import { Session } from "../../../services/proxy/session.ts";

Deno.test("Readings adds up sessions that are open and that have ended", () => {
  const readings = new Readings();
  const open = new Session("one", () => new Uint8Array());
  open.counts.fromClient = 5;
  open.counts.fromUpstream = 7;
  readings.record({
    ...{ kind: "end", client: "unix", target: "one", endedBy: "client" },
    ...{ fromClient: 10, fromUpstream: 20, durationMs: 1 },
  });
  readings.record({ kind: "cancel", client: "unix", target: "one" });
  assert.deepEqual(
    Object.fromEntries(readings.read(["one", "two"], [open])),
    {
      one: { connections: 1, fromClient: 15, fromUpstream: 27 },
      two: { connections: 0, fromClient: 0, fromUpstream: 0 },
    },
  );
  // A reading is a copy: asking twice counts nothing twice.
  assert.deepEqual(readings.read([], [open]).get("one")?.fromClient, 15);
});
