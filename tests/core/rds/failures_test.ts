import assert from "node:assert/strict";
import { AwsCallError } from "../../../core/aws/call_error.ts";
import { isClosedRegion, sharedFailures } from "../../../core/rds/failures.ts";
import { denied, instance } from "../../fake_aws.ts";

function unreachable(code: string) {
  return new AwsCallError("rds:A", "unreachable", "no", { code });
}

Deno.test("sharedFailures() tells each kind once, with its regions", () => {
  const a = denied("rds:A");
  const b = denied("rds:B");
  assert.deepEqual(
    sharedFailures([
      { region: "r1", databases: [], failures: [a] },
      { region: "r2", databases: [], failures: [denied("rds:A"), b] },
    ]),
    [{ error: a, regions: ["r1", "r2"] }, { error: b, regions: ["r2"] }],
  );
});

Deno.test("isClosedRegion() knows a region where the keys, or the names, are unknown", () => {
  const region = "me-central-1";
  const unknownKey = new AwsCallError("rds:A", "credentials", "no");
  function isClosed(failures: AwsCallError[], databases = [] as never[]) {
    return isClosedRegion({ region, databases, failures });
  }
  assert.equal(isClosed([unknownKey, unreachable("ENOTFOUND")]), true);
  assert.equal(isClosed([unreachable("ETIMEDOUT")]), false);
  assert.equal(isClosed([denied("rds:A"), unknownKey]), false);
  assert.equal(isClosed([]), false);
  const databases = [instance("x")];
  assert.equal(
    isClosedRegion({ region, databases, failures: [unknownKey] }),
    false,
  );
});
