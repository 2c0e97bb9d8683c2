import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import type { SyncJob } from "../../../services/sync/job.ts";
import type { RoundReport } from "../../../services/sync/sync.ts";
import { Watch } from "../../../services/sync/watch.ts";
import { settle } from "../../fakes.ts";
import { fakeJob, syncFixture } from "./fixture.ts";

const MINUTE = 60_000;

function watchFixture(names: readonly string[], { removeOnExit = false } = {}) {
  const fixture = syncFixture();
  const state = {
    jobs: [fakeJob(names)] as readonly SyncJob[],
    error: undefined as Error | undefined,
    version: "1",
  };
  const rounds: RoundReport[] = [];
  const reloads: unknown[] = [];
  const watch = new Watch(fixture.sync, {
    clock: fixture.clock,
    removeOnExit,
    listener: {
      round: (report) => rounds.push(report),
      reloaded: (error) => reloads.push(error),
      tick() {},
    },
    source: {
      version: () => Promise.resolve(state.version),
      load: () =>
        state.error === undefined
          ? Promise.resolve(state.jobs)
          : Promise.reject(state.error),
    },
  });
  const controller = new AbortController();
  const ended = watch.run(controller.signal);
  async function stop() {
    controller.abort();
    await settle();
    return await ended;
  }
  return { ...fixture, state, rounds, reloads, watch, stop, ended };
}

function passwordOf(text: string | undefined, name: string) {
  return new RegExp(`^${name}=(.*)$`, "m").exec(text ?? "")?.[1];
}

Deno.test("Watch.run() always has a good token of every target in the file, for a simulated day", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `t${index}`);
  const { files, clock, signer, sync, stop } = watchFixture(names);
  for (let minute = 0; minute < 24 * 60; minute++) {
    await clock.advance(MINUTE);
    for (const name of names) {
      const token = sync.tokens.get(name);
      assert.ok(token !== undefined && token.expiresAt > clock.now());
      assert.equal(
        passwordOf(files.content.get("/f"), name),
        token.secret.reveal(),
      );
    }
  }
  await stop();
  // Every 7.5 to 10 minutes each.
  assert.ok(signer.calls >= 30 * 144 && signer.calls <= 30 * 193);
});

Deno.test("Watch.run() renews within seconds of a wake from sleep", async () => {
  const { files, clock, stop } = watchFixture(["a"]);
  await settle();
  const before = files.content.get("/f");
  clock.jump(8 * 60 * MINUTE);
  await clock.advance(5_000);
  assert.notEqual(files.content.get("/f"), before);
  await stop();
});

Deno.test("Watch.run() renews when the clock is set back", async () => {
  const { files, clock, stop } = watchFixture(["a"]);
  await settle();
  const before = files.content.get("/f");
  clock.jump(-60 * MINUTE);
  await clock.advance(5_000);
  assert.notEqual(files.content.get("/f"), before);
  await stop();
});

Deno.test("Watch.run() keeps the old tokens while the network is gone, and renews when it is back", async () => {
  const { files, clock, signer, rounds, stop } = watchFixture(["a"]);
  await settle();
  signer.fail("The network is gone");
  await clock.advance(12 * MINUTE);
  assert.equal(files.content.get("/f"), "a=token-1\n");
  assert.ok(rounds.some(({ targetFailures }) => targetFailures.length > 0));
  signer.recover();
  await clock.advance(2 * MINUTE);
  assert.notEqual(files.content.get("/f"), "a=token-1\n");
  await stop();
});

Deno.test("Watch.run() follows a changed configuration within seconds", async () => {
  const { files, clock, state, reloads, stop } = watchFixture(["a", "b"]);
  await settle();
  state.jobs = [fakeJob(["b", "c"])];
  state.version = "2";
  await clock.advance(5_000);
  assert.match(files.content.get("/f") ?? "", /^b=token-2\nc=token-3\n$/);
  assert.deepEqual(reloads, [undefined]);
  await stop();
});

Deno.test("Watch.run() goes on with the old jobs when the changed configuration is wrong", async () => {
  const { files, clock, state, reloads, stop } = watchFixture(["a"]);
  await settle();
  state.error = new RdsiamError("usage", "Line 3 is wrong");
  state.version = "2";
  await clock.advance(15 * MINUTE);
  assert.deepEqual(reloads, [state.error]);
  assert.match(files.content.get("/f") ?? "", /^a=token-[2-9]\n$/);
  await stop();
});

Deno.test("Watch.run() throws what is wrong with the configuration at the start", async () => {
  const fixture = syncFixture();
  const watch = new Watch(fixture.sync, {
    clock: fixture.clock,
    removeOnExit: false,
    listener: { round() {}, reloaded() {}, tick() {} },
    source: {
      version: () => Promise.resolve(""),
      load: () => Promise.reject(new RdsiamError("usage", "Line 3 is wrong")),
    },
  });
  await assert.rejects(watch.run(new AbortController().signal), /Line 3/);
});

Deno.test("Watch.hasten() renews everything at once", async () => {
  const { files, watch, signer, stop } = watchFixture(["a", "b"]);
  await settle();
  assert.equal(signer.calls, 2);
  watch.hasten();
  await settle();
  assert.match(files.content.get("/f") ?? "", /^a=token-3\nb=token-4\n$/);
  await stop();
});

Deno.test("Watch.run() leaves the file as it is at the end, or takes its entries out", async () => {
  for (const removeOnExit of [false, true]) {
    const { files, stop } = watchFixture(["a"], { removeOnExit });
    await settle();
    assert.deepEqual(await stop(), []);
    assert.equal(
      files.content.get("/f"),
      removeOnExit ? undefined : "a=token-1\n",
    );
  }
});
