import assert from "node:assert/strict";
import { notesForClients } from "../../../cli/proxy/announce.ts";
import { planListeners } from "../../../cli/proxy/listeners.ts";
import type { EngineName } from "../../../core/engine/engine.ts";
import { fakeTarget } from "../../fakes.ts";

function listenersOf(...engines: EngineName[]) {
  const targets = engines.map((engine) => ({
    name: engine,
    target: fakeTarget({ engine }),
  }));
  return planListeners(targets, [], { localAuth: undefined });
}

Deno.test("notesForClients() says what MariaDB's clients need where no TLS is offered", () => {
  const note =
    "clients of MariaDB from 11.4 on need --skip-ssl here: they send no password without TLS unless told to";
  assert.deepEqual(notesForClients(listenersOf("postgres", "mysql"), false), [
    note,
  ]);
  assert.deepEqual(notesForClients(listenersOf("mysql"), true), []);
  assert.deepEqual(notesForClients(listenersOf("mariadb"), false), []);
});
