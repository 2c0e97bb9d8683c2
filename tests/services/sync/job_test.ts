import assert from "node:assert/strict";
import {
  destinationName,
  isSameDestination,
  parseDestination,
} from "../../../services/sync/job.ts";
import { assertRefuses } from "../../rdsiam_error.ts";
import { fakeJob } from "./fixture.ts";

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
