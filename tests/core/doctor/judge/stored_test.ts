import assert from "node:assert/strict";
import fc from "fast-check";
import { faultOf } from "../../../../core/doctor/judge/stored.ts";
import { Secret } from "../../../../core/secret.ts";
import { signToken } from "../../../../core/token/sign.ts";
import { fakeTarget, START } from "../../../fakes.ts";

const KEY = { id: "AKIAIOSFODNN7EXAMPLE", secret: new Secret("secret") };
const TARGET = fakeTarget();

async function token(changes = {}, at = START): Promise<string> {
  const { secret } = await signToken({ ...TARGET, ...changes }, KEY, at);
  return secret.reveal();
}

Deno.test("faultOf() tells whose token it is that lets nobody in", async () => {
  function why(password: string, now = START) {
    const fault = faultOf(password, TARGET, now);
    return "why" in fault ? fault.why : fault;
  }
  assert.deepEqual(why(await token()), { kind: "good", leftMs: 900_000 });
  assert.equal(why("hunter2"), "is no token, but a password");
  assert.equal(
    why(await token(), START + 1_500_000),
    "is a token that expired 10 min ago",
  );
  assert.equal(
    why(await token({ host: "localhost", port: 15432 })),
    `is a token for "localhost:15432", not "${TARGET.host}:5432"`,
  );
  assert.equal(
    why(await token({ username: "App" })),
    'is a token for user "App", not "app"',
  );
  assert.equal(
    why(await token({ region: "us-east-1" })),
    'is a token for region "us-east-1", not "eu-west-1"',
  );
});

Deno.test("faultOf() never repeats what it cannot read", () => {
  fc.assert(fc.property(fc.string({ minLength: 4 }), (password) => {
    const fault = faultOf(password, TARGET, START);
    assert.equal(fault.kind, "no token");
    if ("why" in fault) assert.equal(fault.why, "is no token, but a password");
  }));
});
