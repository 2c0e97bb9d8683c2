import assert from "node:assert/strict";
import {
  destinationName,
  isSameDestination,
  parseDestination,
  writerEntry,
} from "../../../services/sync/job.ts";
import { assertRefuses } from "../../rdsiam_error.ts";
import { fakeJob } from "./fixture.ts";
import { Secret } from "../../../core/secret.ts";
import { fakeTarget, START } from "../../fakes.ts";

for (
  const [text, destination, name] of [
    ["/home/app/x", { kind: "file", path: "/home/app/x" }, "/home/app/x"],
    ["-", { kind: "stdout" }, "standard output"],
    ["| kubectl apply -f - ", {
      kind: "command",
      command: "kubectl apply -f -",
    }, "|kubectl apply -f -"],
  ] as const
) {
  Deno.test(`parseDestination() reads ${text}`, () => {
    assert.deepEqual(parseDestination(text), destination);
    assert.equal(destinationName(destination), name);
  });
}

Deno.test("parseDestination() refuses an empty path and a missing command", () => {
  assertRefuses(() => parseDestination(""), {
    message: "The path of a writer's file is empty",
    hint: "Write NAME=PATH, NAME=- or NAME='|COMMAND'",
  });
  assertRefuses(() => parseDestination("| "), {
    message: "The command after | is missing",
    hint: "Write it as '|kubectl apply --server-side -f -'",
  });
});

Deno.test("isSameDestination() takes jobs of one writer and path for one", () => {
  const job = fakeJob(["a"]);
  assert.equal(isSameDestination(job, fakeJob(["b"])), true);
  const elsewhere = fakeJob(["a"], { destination: { kind: "stdout" } });
  assert.equal(isSameDestination(job, elsewhere), false);
});

const PLACES = { roots: "/roots.pem", passfile: "/pgpass", rdsiam: ["/r"] };
const TOKEN = {
  secret: new Secret("token"),
  issuedAt: START,
  expiresAt: START + 900_000,
};

Deno.test("writerEntry() has the target, its token and the places it points to", () => {
  const target = fakeTarget();
  const named = { name: "orders", target };
  const { password, ...rest } = writerEntry(named, TOKEN, PLACES, () => {});
  const { region: _, ...login } = target;
  assert.equal(password.reveal(), "token");
  assert.deepEqual(rest, {
    name: "orders",
    ...login,
    sslrootcert: "/roots.pem",
    passfile: "/pgpass",
    rdsiam: ["/r"],
    expiresAt: START + 900_000,
  });
});

Deno.test("writerEntry() has an empty password where there is no token", () => {
  const named = { name: "orders", target: fakeTarget() };
  const entry = writerEntry(named, undefined, PLACES, () => {});
  assert.deepEqual([entry.password.reveal(), entry.expiresAt], ["", 0]);
});

Deno.test("writerEntry() tells when rdsiam's own roots are asked for, not when the target's are", () => {
  let asked = 0;
  const own = { name: "own", target: fakeTarget({ sslrootcert: "/own.pem" }) };
  const onRoots = () => void asked++;
  assert.equal(
    writerEntry(own, TOKEN, PLACES, onRoots).sslrootcert,
    "/own.pem",
  );
  assert.equal(asked, 0);
  const named = { name: "orders", target: fakeTarget() };
  assert.equal(
    writerEntry(named, TOKEN, PLACES, onRoots).sslrootcert,
    "/roots.pem",
  );
  assert.equal(asked, 1);
});

Deno.test("writerEntry() has the address that is dialled, and the name that was given for it", () => {
  const connect = { host: "10.0.0.7", port: 15432 };
  const target = fakeTarget({ connect });
  const named = { name: "orders", target, connectName: "bastion" };
  const entry = writerEntry(named, TOKEN, PLACES, () => {});
  assert.deepEqual(entry.connect, { ...connect, name: "bastion" });
});
