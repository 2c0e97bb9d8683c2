import assert from "node:assert/strict";
import type { Tunnel } from "../../../core/tunnel/ports.ts";
import {
  KeptTunnel,
  type TunnelState,
} from "../../../services/tunnel/kept_tunnel.ts";
import { FakeClock } from "../../fakes.ts";

/** A tunnel that opens when a test lets it. */
function fakeTunnel() {
  const world = {
    opened: 0,
    closed: 0,
    fails: false,
    broken: Promise.withResolvers<unknown>(),
  };
  const tunnel: Tunnel = {
    open() {
      world.opened++;
      return world.fails
        ? Promise.reject(new Error("no bastion"))
        : Promise.resolve();
    },
    dial: () =>
      Promise.resolve({
        stream: {
          read: () => Promise.resolve(null),
          write: (bytes) => Promise.resolve(bytes.length),
          closeWrite: () => Promise.resolve(),
          close() {},
        },
        failure: () => Promise.resolve(undefined),
      }),
    broken: () => world.broken.promise,
    [Symbol.asyncDispose]() {
      world.closed++;
      return Promise.resolve();
    },
  };
  return { world, tunnel };
}

const ADDRESS = { host: "db", port: 5432 };

function keep(isKept: boolean) {
  const { world, tunnel } = fakeTunnel();
  const clock = new FakeClock();
  const states: TunnelState["kind"][] = [];
  const kept = new KeptTunnel(tunnel, isKept, {
    clock,
    changed: ({ kind }) => void states.push(kind),
  });
  return { world, clock, states, kept };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));
const signal = new AbortController().signal;

Deno.test("a tunnel opens with the first connection, once for all", async () => {
  const { world, states, kept } = keep(false);
  assert.equal(kept.state.kind, "idle");
  await Promise.all([kept.dial(ADDRESS, signal), kept.dial(ADDRESS, signal)]);
  await kept.dial(ADDRESS, signal);
  assert.equal(world.opened, 1);
  assert.deepEqual(states, ["opening", "up"]);
  await kept[Symbol.asyncDispose]();
  assert.equal(world.closed, 1);
});

Deno.test("one that broke is opened with the next connection", async () => {
  const { world, states, kept } = keep(false);
  await kept.dial(ADDRESS, signal);
  world.broken.resolve(new Error("gone"));
  await settle();
  assert.deepEqual(states, ["opening", "up", "down"]);
  world.broken = Promise.withResolvers();
  await kept.dial(ADDRESS, signal);
  assert.equal(world.opened, 2);
});

Deno.test("a kept one is opened again at once, then after waits that grow", async () => {
  const { world, clock, states, kept } = keep(true);
  await kept.dial(ADDRESS, signal);
  world.fails = true;
  world.broken.resolve(new Error("gone"));
  await settle();
  assert.equal(world.opened, 2, "at once");
  await clock.advance(999);
  assert.equal(world.opened, 2);
  await clock.advance(1);
  assert.equal(world.opened, 3, "after a second");
  await clock.advance(2_000);
  assert.equal(world.opened, 4, "after two");
  world.fails = false;
  world.broken = Promise.withResolvers();
  await clock.advance(4_000);
  assert.equal(states.at(-1), "up");
  await kept[Symbol.asyncDispose]();
});

Deno.test("who gives up waiting leaves the others their tunnel", async () => {
  const { world, kept } = keep(false);
  const impatient = new AbortController();
  const first = kept.dial(ADDRESS, impatient.signal);
  const second = kept.dial(ADDRESS, signal);
  impatient.abort(new Error("left"));
  await assert.rejects(first, /left/);
  await second;
  assert.equal(world.opened, 1);
});
