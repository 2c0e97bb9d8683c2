import assert from "node:assert/strict";
import { agreeOnProtocol } from "../../../core/pgwire/protocol_version.ts";
import { bytesOf, concat, message, uint32 } from "../../testdata/packets.ts";

const PARAMETERS = new Map([["user", "app"], ["database", "orders"]]);

Deno.test("agreeOnProtocol() takes 3.0 and 3.2 as they are", () => {
  for (const minor of [0, 2]) {
    assert.deepEqual(agreeOnProtocol(minor, PARAMETERS), {
      minor,
      parameters: PARAMETERS,
      answer: undefined,
    });
  }
});

Deno.test("agreeOnProtocol() offers the next lower version there is", () => {
  for (const [asked, agreed] of [[1, 0], [3, 2], [9999, 2]] as const) {
    assert.deepEqual(agreeOnProtocol(asked, PARAMETERS), {
      minor: agreed,
      parameters: PARAMETERS,
      answer: message("v", concat(uint32(0x30000 + agreed), uint32(0))),
    });
  }
});

Deno.test("agreeOnProtocol() declines extensions, and keeps them from the database", () => {
  const asked = new Map([...PARAMETERS, ["_pq_.one", ""], ["_pq_.two", "x"]]);
  assert.deepEqual(agreeOnProtocol(0, asked), {
    minor: 0,
    parameters: PARAMETERS,
    answer: message(
      "v",
      concat(uint32(0x30000), uint32(2), bytesOf("_pq_.one\0_pq_.two\0")),
    ),
  });
});
