import assert from "node:assert/strict";
import {
  formatListenAddress,
  planListeners,
} from "../../../cli/proxy/listeners.ts";
import { fakeTarget } from "../../fakes.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const ONE = { name: "one", target: fakeTarget() };
const TWO = { name: "two", target: fakeTarget({ username: "other" }) };

/** Plans listeners, and says who is behind which. */
function plan(
  listens: string[],
  localAuth?: "none" | "password",
  targets = [ONE, TWO],
) {
  return planListeners(targets, listens, { localAuth }).map((listener) =>
    [
      listener.targets.map(({ name }) => name).join("+"),
      formatListenAddress(listener.address),
      listener.isShared ? "shared" : "own",
      listener.needsPassword ? "password" : "open",
    ].join(" ")
  );
}

// security: proxy-loopback
Deno.test("planListeners() gives each target a free port of loopback", () => {
  assert.deepEqual(plan([]), [
    "one 127.0.0.1:0 own password",
    "two 127.0.0.1:0 own password",
  ]);
});

Deno.test("planListeners() gives one listener to all targets, and several in their order or by name", () => {
  assert.deepEqual(plan(["127.0.0.1:6432"]), [
    "one+two 127.0.0.1:6432 shared password",
  ]);
  assert.deepEqual(plan(["127.0.0.1:1", "[::1]:2"]), [
    "one 127.0.0.1:1 own password",
    "two [::1]:2 own password",
  ]);
  assert.deepEqual(plan(["two=127.0.0.1:2", "localhost:1"]), [
    "one localhost:1 own password",
    "two 127.0.0.1:2 own password",
  ]);
  assert.deepEqual(plan(["two=127.0.0.1:2"]), [
    "one 127.0.0.1:0 own password",
    "two 127.0.0.1:2 own password",
  ]);
  assert.deepEqual(plan(["127.0.0.1:6432"], undefined, [ONE]), [
    "one 127.0.0.1:6432 own password",
  ]);
});

Deno.test("planListeners() asks for a password on TCP and not on a unix socket, unless it is told otherwise", () => {
  const listens = ["unix:/run/pg", "127.0.0.1:1"];
  assert.deepEqual(plan(listens), [
    "one unix:/run/pg own open",
    "two 127.0.0.1:1 own password",
  ]);
  assert.deepEqual(plan(listens, "none"), [
    "one unix:/run/pg own open",
    "two 127.0.0.1:1 own open",
  ]);
  assert.deepEqual(plan(listens, "password"), [
    "one unix:/run/pg own password",
    "two 127.0.0.1:1 own password",
  ]);
  assert.deepEqual(plan(["fd:3"]), ["one+two fd:3 shared password"]);
});

// security: proxy-said-twice
Deno.test("planListeners() is open to other machines with --local-auth password alone", () => {
  for (const address of ["0.0.0.0:5432", "[::]:5432", "10.0.0.1:0", "db:1"]) {
    assert.deepEqual(plan([address], "password"), [
      `one+two ${address} shared password`,
    ]);
    const message = `Address "${
      address.replace(/:\d+$/, "").replace(/[[\]]/g, "")
    }" of --listen can be reached from other machines`;
    assertRefuses(() => plan([address]), {
      message,
      hint:
        "Pass --local-auth password to allow it, and --tls-cert to encrypt it",
    });
    assertRefuses(() => plan([address], "none"), {
      message,
      hint: "Use 127.0.0.1, or --local-auth password",
    });
  }
});

Deno.test("planListeners() refuses what is malformed, names no target or is over", () => {
  assertRefuses(() => plan(["127.0.0.1"]), {
    message: 'Address "127.0.0.1" of --listen is not valid',
    hint: "Write it as 127.0.0.1:PORT, unix:PATH or TARGET=ADDRESS",
  });
  assertRefuses(() => plan(["unix:"]), {
    message: 'Address "unix:" of --listen is not valid',
    hint: "Write it as 127.0.0.1:PORT, unix:PATH or TARGET=ADDRESS",
  });
  assertRefuses(() => plan(["three=127.0.0.1:1"]), {
    message:
      'Listener "three=127.0.0.1:1" of --listen names no target that is served',
    hint: "Served: one, two",
  });
  assertRefuses(
    () => plan(["127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3"]),
    {
      message: "--listen is given 3 times, and there are 2 targets",
      hint: "Give it once for each target, or once for all of them",
    },
  );
});
