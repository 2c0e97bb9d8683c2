import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import {
  type ChannelEvent,
  DataChannel,
  WINDOW,
} from "../../../../core/tunnel/ssm/data_channel.ts";
import { isNewEnough } from "../../../../core/tunnel/ssm/handshake.ts";
import { FakeAgent, readFrame } from "./fake_agent.ts";

/** A client and an agent, with a network between them that does what a test wants. */
function join() {
  const toAgent: Uint8Array[] = [];
  const toClient: Uint8Array[] = [];
  const events: ChannelEvent[] = [];
  const atAgent: number[] = [];
  const atClient: number[] = [];
  const answers: unknown[] = [];
  let now = 1_000;
  const channel = new DataChannel({ now: () => now, uuid: () => randomUUID() });
  const agent = new FakeAgent({
    send: (frame) => void toClient.push(frame),
    data: (bytes) => void atAgent.push(...bytes),
    answered: (answer) => void answers.push(answer),
  });
  function take(came: readonly ChannelEvent[]) {
    for (const event of came) {
      if (event.kind === "send") toAgent.push(event.frame);
      else if (event.kind === "data") atClient.push(...event.bytes);
      else events.push(event);
    }
  }
  function deliver() {
    while (toAgent.length + toClient.length > 0) {
      for (const frame of toAgent.splice(0)) agent.receive(frame);
      for (const frame of toClient.splice(0)) take(channel.receive(frame));
    }
  }
  return {
    ...{ channel, agent, toAgent, toClient, events },
    ...{ atAgent, atClient, answers, take, deliver },
    pass(ms: number) {
      now += ms;
      take(channel.resend());
      agent.resend();
    },
  };
}

const bytes = fc.uint8Array({ maxLength: 5_000 });

Deno.test("any order, loss and duplication of messages gives the same bytes", () => {
  fc.assert(
    fc.property(
      fc.array(bytes, { maxLength: 5 }),
      fc.array(bytes, { maxLength: 5 }),
      fc.infiniteStream(fc.nat(99)),
      (up, down, fate) => {
        const chance = () => fate.next().value ?? 0;
        const { channel, agent, toAgent, toClient, ...world } = join();
        for (const part of up) world.take(channel.send(part));
        for (const part of down) agent.sendData(part);
        /** Takes a frame from anywhere of a queue; it may be lost, or stay to come again. */
        function pick(queue: Uint8Array[]): Uint8Array | undefined {
          const at = chance() % queue.length;
          const luck = chance();
          const frame = queue[at];
          if (luck < 70) queue.splice(at, 1);
          return luck < 50 || luck >= 70 ? frame : undefined;
        }
        for (let round = 0; round < 300; round++) {
          for (let count = 0; toAgent.length > 0 && count < 30; count++) {
            const frame = pick(toAgent);
            if (frame !== undefined) agent.receive(frame);
          }
          for (let count = 0; toClient.length > 0 && count < 30; count++) {
            const frame = pick(toClient);
            if (frame !== undefined) world.take(channel.receive(frame));
          }
          world.pass(1_000);
        }
        // In the end the network does its work.
        for (let round = 0; round < 40; round++) {
          world.deliver();
          world.pass(1_000);
        }
        assert.deepEqual(world.atAgent, up.flatMap((part) => [...part]));
        assert.deepEqual(world.atClient, down.flatMap((part) => [...part]));
        assert.equal(agent.outstanding, 0);
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("the handshake is answered, and data may go once it is complete", () => {
  const world = join();
  world.agent.shakeHands("3.3.1142.0");
  world.deliver();
  assert.deepEqual(world.answers, [{
    ClientVersion: "1.2.707.0",
    ProcessedClientActions: [{
      ActionType: "SessionType",
      ActionStatus: 1,
      ActionResult: null,
      Error: "",
    }],
    Errors: [],
  }]);
  world.agent.completeHandshake();
  world.deliver();
  assert.deepEqual(world.events, [
    { kind: "ready", agentVersion: "3.3.1142.0" },
  ]);
});

Deno.test("a session that wants KMS is told apart", () => {
  const world = join();
  world.agent.shakeHands("3.3.1142.0", [
    { ActionType: "KMSEncryption", ActionParameters: { KMSKeyId: "k" } },
    { ActionType: "SessionType", ActionParameters: {} },
    { ActionType: "Dance", ActionParameters: {} },
  ]);
  world.deliver();
  assert.deepEqual(world.events, [{ kind: "encryption" }]);
  const [answer] = world.answers as {
    ProcessedClientActions: { ActionStatus: number }[];
  }[];
  assert.deepEqual(
    answer?.ProcessedClientActions.map(({ ActionStatus }) => ActionStatus),
    [2, 1, 3],
  );
});

Deno.test("what is not acknowledged is sent again, the oldest first, after the round trip that was learnt", () => {
  const { channel, toAgent, ...world } = join();
  world.take(channel.send(new Uint8Array(2_000)));
  assert.equal(toAgent.length, 2);
  world.pass(150);
  assert.equal(toAgent.length, 2, "not before 200 ms");
  world.pass(60);
  const again = toAgent.slice(2).map((frame) => readFrame(frame).sequence);
  assert.deepEqual(again, [0n, 1n]);
  world.deliver();
  world.pass(5_000);
  assert.equal(toAgent.length, 0, "all is acknowledged");
});

Deno.test("a session whose agent answers nothing is given up", () => {
  const { channel, events, ...world } = join();
  world.take(channel.send(Uint8Array.of(1)));
  for (let tries = 0; tries < 3_001; tries++) world.pass(1_000);
  assert.deepEqual(events[0], {
    kind: "closed",
    why: "the agent acknowledges nothing",
  });
});

Deno.test("there is no room while too much is not acknowledged", () => {
  const { channel, ...world } = join();
  world.take(channel.send(new Uint8Array(1024 * WINDOW)));
  assert.equal(channel.hasRoom, false);
  world.deliver();
  assert.equal(channel.hasRoom, true);
});

Deno.test("a failed connection behind the agent and the end of the session are told", () => {
  const { agent, events, deliver } = join();
  agent.sendConnectError();
  agent.closeChannel("Session timed out");
  deliver();
  assert.deepEqual(events, [
    { kind: "connect-error" },
    { kind: "closed", why: "Session timed out" },
  ]);
});

Deno.test("a single line feed goes as it is", () => {
  const { channel, atAgent, take, deliver } = join();
  take(channel.send(Uint8Array.of(10)));
  deliver();
  assert.deepEqual(atAgent, [10]);
});

Deno.test("any bytes are a message or a syntax error", () => {
  const { channel } = join();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (frame) => {
    try {
      channel.receive(frame);
    } catch (error) {
      assert.ok(error instanceof SyntaxError, String(error));
    }
  }));
});

Deno.test("agents are new enough from 3.0.196 on", () => {
  const versions = ["3.0.195.9", "2.9.9", "3.0.196.0", "3.1.0", "4.0"];
  assert.deepEqual(versions.map(isNewEnough), [false, false, true, true, true]);
});
