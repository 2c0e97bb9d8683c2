import assert from "node:assert/strict";
import type { AuthToken } from "../../../core/token/token.ts";
import { TokenSource } from "../../../services/token/token_source.ts";
import {
  FakeClock,
  FakeSigner,
  fakeTarget,
  settle,
  START,
} from "../../fakes.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const REQUEST = fakeTarget();
const NO_CREDENTIALS = {
  kind: "credentials",
  message: "No AWS credentials were found",
} as const;

function makeSource() {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  const tokens = new TokenSource({ signer, clock });
  async function get(request = REQUEST): Promise<string> {
    return (await tokens.get(request)).secret.reveal();
  }
  return { clock, signer, tokens, get };
}

Deno.test("TokenSource.get() signs once and keeps the token", async () => {
  const { signer, get } = makeSource();
  assert.equal(await get(), "token-1");
  assert.equal(await get(), "token-1");
  assert.equal(signer.calls, 1);
  assert.deepEqual(signer.requests, [REQUEST]);
});

Deno.test("TokenSource.get() keeps one token for each identity and target", async () => {
  const { signer, get } = makeSource();
  const requests = [
    fakeTarget(),
    fakeTarget({ host: "other.abc.eu-west-1.rds.amazonaws.com" }),
    fakeTarget({ port: 5433 }),
    fakeTarget({ username: "App" }),
    fakeTarget({ region: "eu-west-2" }),
    fakeTarget({ profile: "prod" }),
    fakeTarget({ roleArn: "prod" }),
  ];
  for (const request of requests) await get(request);
  for (const [index, request] of requests.entries()) {
    assert.equal(await get(request), `token-${index + 1}`);
  }
  assert.equal(signer.calls, requests.length);
});

Deno.test("TokenSource.get() keeps one token for what does not enter it", async () => {
  const { signer, get } = makeSource();
  await get(fakeTarget());
  await get(fakeTarget({ database: "other", sslmode: "require" }));
  assert.equal(signer.calls, 1);
});

Deno.test("TokenSource.get() never signs the same twice at once", async () => {
  const { signer, tokens, get } = makeSource();
  const { promise, resolve } = Promise.withResolvers<AuthToken>();
  signer.answer = () => promise;
  const all = Promise.all([get(), get(), tokens.renew(REQUEST)]);
  resolve(signer.token());
  const [one, two, three] = await all;
  assert.deepEqual([one, two, three.secret.reveal()], Array(3).fill("token-1"));
  assert.equal(signer.calls, 1);
});

Deno.test("TokenSource.get() tells all who wait of one failure", async () => {
  const { signer, get } = makeSource();
  signer.fail();
  await Promise.all([
    assertRefusesLater(get(), NO_CREDENTIALS),
    assertRefusesLater(get(), NO_CREDENTIALS),
  ]);
  assert.equal(signer.calls, 1);
});

// security: token-renewed
Deno.test("TokenSource.get() renews after 10 of 15 minutes", async () => {
  const { clock, get } = makeSource();
  await get();
  await clock.advance(10 * MINUTE - 1);
  assert.equal(await get(), "token-1");
  await clock.advance(1);
  assert.equal(await get(), "token-2");
});

Deno.test("TokenSource.get() renews a token of short-lived credentials after two thirds", async () => {
  const { clock, signer, get } = makeSource();
  signer.lifetimeMs = 3 * MINUTE;
  await get();
  await clock.advance(2 * MINUTE - 1);
  assert.equal(await get(), "token-1");
  await clock.advance(1);
  assert.equal(await get(), "token-2");
});

Deno.test("TokenSource.get() serves a token that is still good while renewing fails", async () => {
  const { clock, signer, get } = makeSource();
  await get();
  signer.fail();
  await clock.advance(11 * MINUTE);
  assert.equal(await get(), "token-1");
  await clock.advance(4 * MINUTE - 1);
  assert.equal(await get(), "token-1");
});

Deno.test("TokenSource.get() throws when renewing fails and the token has expired", async () => {
  const { clock, signer, get } = makeSource();
  await get();
  signer.fail();
  await clock.advance(15 * MINUTE);
  await assertRefusesLater(get(), NO_CREDENTIALS);
});

Deno.test("TokenSource.get() does not serve a token that expires while renewing it", async () => {
  const { clock, signer, get } = makeSource();
  await get();
  await clock.advance(14 * MINUTE);
  const { promise, reject } = Promise.withResolvers<AuthToken>();
  signer.answer = () => promise;
  const got = get();
  await clock.advance(MINUTE);
  reject(new Error("No answer"));
  await assert.rejects(got, new Error("No answer"));
});

Deno.test("TokenSource.get() backs off: 1 s, doubled by each failure, at most a minute", async () => {
  const { clock, signer, get } = makeSource();
  signer.fail();
  await assertRefusesLater(get(), NO_CREDENTIALS);
  for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
    const { calls } = signer;
    await clock.advance(seconds * SECOND - 1);
    await assertRefusesLater(get(), NO_CREDENTIALS);
    assert.equal(signer.calls, calls, `within ${seconds} s`);
    await clock.advance(1);
    await assertRefusesLater(get(), NO_CREDENTIALS);
    assert.equal(signer.calls, calls + 1, `after ${seconds} s`);
  }
});

Deno.test("TokenSource.get() begins to back off anew after a success", async () => {
  const { clock, signer, get } = makeSource();
  signer.fail();
  await assertRefusesLater(get(), NO_CREDENTIALS);
  await clock.advance(SECOND);
  await assertRefusesLater(get(), NO_CREDENTIALS);
  signer.recover();
  await clock.advance(2 * SECOND);
  assert.equal(await get(), "token-3");
  signer.fail();
  await clock.advance(15 * MINUTE);
  await assertRefusesLater(get(), NO_CREDENTIALS);
  await clock.advance(SECOND);
  await assertRefusesLater(get(), NO_CREDENTIALS);
  assert.equal(signer.calls, 5);
});

Deno.test("TokenSource.get() backs off for each target by itself", async () => {
  const { signer, get } = makeSource();
  signer.fail();
  await assertRefusesLater(get(), NO_CREDENTIALS);
  signer.recover();
  assert.equal(await get(fakeTarget({ username: "other" })), "token-2");
});

Deno.test("TokenSource.get() signs anew after a laptop was suspended", async () => {
  const { clock, get } = makeSource();
  await get();
  clock.jump(8 * 60 * MINUTE);
  assert.equal(await get(), "token-2");
});

Deno.test("TokenSource.get() signs anew after the clock was set back", async () => {
  const { clock, get } = makeSource();
  await get();
  clock.jump(-MINUTE);
  assert.equal(await get(), "token-1");
  clock.jump(-1);
  assert.equal(await get(), "token-2");
});

Deno.test("TokenSource.get() does not back off for longer since the clock was set back", async () => {
  const { clock, signer, get } = makeSource();
  signer.fail();
  await assertRefusesLater(get(), NO_CREDENTIALS);
  signer.recover();
  clock.jump(-60 * MINUTE);
  assert.equal(await get(), "token-2");
});

Deno.test("TokenSource.renew() signs anew whatever is kept", async () => {
  const { signer, tokens, get } = makeSource();
  await get();
  assert.equal((await tokens.renew(REQUEST)).secret.reveal(), "token-2");
  assert.equal(await get(), "token-2");
  signer.fail();
  await assertRefusesLater(tokens.renew(REQUEST), NO_CREDENTIALS);
  assert.equal(await get(), "token-2");
});

function keepFresh(
  source: ReturnType<typeof makeSource>,
  renewed: (token: AuthToken) => Promise<void> | void = () => {},
) {
  const stop = new AbortController();
  const events: string[] = [];
  const done = source.tokens.keepFresh(REQUEST, {
    async renewed(token) {
      await renewed(token);
      events.push(at(source.clock, token.secret.reveal()));
    },
    failed(error, current) {
      const why = error instanceof Error ? error.message : String(error);
      events.push(
        at(source.clock, `${current.secret.reveal()} stays: ${why}`),
      );
    },
  }, stop.signal);
  return { stop, events, done };
}

function at(clock: FakeClock, what: string): string {
  return `${(clock.now() - START) / SECOND} s: ${what}`;
}

Deno.test("TokenSource.keepFresh() renews ahead of each expiry", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await source.clock.advance(31 * MINUTE);
  assert.deepEqual(events, [
    "600 s: token-2",
    "1200 s: token-3",
    "1800 s: token-4",
  ]);
  stop.abort();
  await done;
  assert.equal(source.clock.sleepers, 0);
  await source.clock.advance(31 * MINUTE);
  assert.equal(source.signer.calls, 4);
});

Deno.test("TokenSource.keepFresh() goes on from the token that get() gave", async () => {
  const source = makeSource();
  await source.get();
  await source.clock.advance(5 * MINUTE);
  const { stop, events, done } = keepFresh(source);
  await source.clock.advance(5 * MINUTE);
  assert.deepEqual(events, ["600 s: token-2"]);
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() goes on from a token that has expired, although renewing fails", async () => {
  const source = makeSource();
  await source.get();
  source.clock.jump(60 * MINUTE);
  source.signer.fail("Offline");
  const { stop, events, done } = keepFresh(source);
  await settle();
  assert.deepEqual(events, ["3600 s: token-1 stays: Offline"]);
  source.signer.recover();
  await source.clock.advance(SECOND);
  assert.deepEqual(events.slice(1), ["3601 s: token-3"]);
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() tells of failures, backs off and goes on", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await settle();
  source.signer.fail("Offline");
  await source.clock.advance(10 * MINUTE + 5 * SECOND);
  source.signer.recover();
  await source.clock.advance(10 * SECOND);
  assert.deepEqual(events, [
    "600 s: token-1 stays: Offline",
    "601 s: token-1 stays: Offline",
    "603 s: token-1 stays: Offline",
    "607 s: token-5",
  ]);
  await source.clock.advance(10 * MINUTE);
  assert.equal(events.at(-1), "1207 s: token-6");
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() tells of a listener that fails, and tries again", async () => {
  const source = makeSource();
  let isFull = true;
  const { stop, events, done } = keepFresh(source, () => {
    if (isFull) throw new Error("Disk full");
  });
  await source.clock.advance(10 * MINUTE + SECOND);
  isFull = false;
  await source.clock.advance(2 * SECOND);
  assert.deepEqual(events, [
    "600 s: token-1 stays: Disk full",
    "601 s: token-1 stays: Disk full",
    "603 s: token-4",
  ]);
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() ends while signing hangs", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await settle();
  source.signer.hang();
  await source.clock.advance(10 * MINUTE);
  assert.equal(source.signer.calls, 2);
  stop.abort();
  await done;
  assert.deepEqual(events, []);
});

Deno.test("TokenSource.keepFresh() ends while the first signing hangs", async () => {
  const source = makeSource();
  source.signer.hang();
  const { stop, done } = keepFresh(source);
  await settle();
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() does nothing when it is ended before it begins", async () => {
  const source = makeSource();
  await source.get();
  await source.tokens.keepFresh(REQUEST, {
    renewed: () => assert.fail(),
    failed: () => assert.fail(),
  }, AbortSignal.abort());
  assert.equal(source.signer.calls, 1);
});

Deno.test("TokenSource.keepFresh() says nothing of a signing that fails after the end", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await settle();
  const { promise, reject } = Promise.withResolvers<AuthToken>();
  source.signer.answer = () => promise;
  await source.clock.advance(10 * MINUTE);
  stop.abort();
  reject(new Error("Too late"));
  await done;
  assert.deepEqual(events, []);
});

Deno.test("TokenSource.keepFresh() fails when there is no first token", async () => {
  const source = makeSource();
  source.signer.fail();
  await assertRefusesLater(keepFresh(source).done, NO_CREDENTIALS);
});

Deno.test("TokenSource.keepFresh() is no busy loop with credentials about to end", async () => {
  for (const lifetimeMs of [-5_000, 0, 1, 500]) {
    const source = makeSource();
    source.signer.lifetimeMs = lifetimeMs;
    const { stop, done } = keepFresh(source);
    await source.clock.advance(MINUTE);
    assert.equal(source.signer.calls, 61);
    stop.abort();
    await done;
  }
});

Deno.test("TokenSource.keepFresh() notices within 15 seconds that a laptop was suspended", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await source.clock.advance(MINUTE);
  source.clock.jump(60 * MINUTE);
  await source.clock.advance(15 * SECOND);
  assert.deepEqual(events, ["3675 s: token-2"]);
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() notices within 15 seconds that the clock was set back", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await source.clock.advance(MINUTE);
  source.clock.jump(-60 * MINUTE);
  await source.clock.advance(15 * SECOND);
  assert.deepEqual(events, ["-3525 s: token-2"]);
  await source.clock.advance(10 * MINUTE);
  assert.deepEqual(events.slice(1), ["-2925 s: token-3"]);
  stop.abort();
  await done;
});

Deno.test("TokenSource.keepFresh() does not back off for longer since the clock was set back", async () => {
  const source = makeSource();
  const { stop, events, done } = keepFresh(source);
  await settle();
  source.signer.fail("Offline");
  await source.clock.advance(10 * MINUTE);
  source.clock.jump(-5 * 60 * MINUTE);
  source.signer.recover();
  await source.clock.advance(15 * SECOND);
  assert.deepEqual(events, [
    "600 s: token-1 stays: Offline",
    "-17399 s: token-3",
  ]);
  stop.abort();
  await done;
});
