import assert from "node:assert/strict";
import { policyOwner } from "../../../core/aws/caller.ts";

const IAM = "arn:aws:iam::123456789012";
const STS = "arn:aws:sts::123456789012";

Deno.test("policyOwner() tells a user, a role behind a session, and root", () => {
  assert.deepEqual(policyOwner(`${IAM}:user/team/jane`), {
    kind: "user",
    arn: `${IAM}:user/team/jane`,
  });
  assert.deepEqual(
    policyOwner(`${STS}:assumed-role/AWSReservedSSO_dev_1a2b/jane@example.com`),
    {
      kind: "role",
      name: "AWSReservedSSO_dev_1a2b",
      partition: "aws",
      account: "123456789012",
    },
  );
  assert.deepEqual(policyOwner(`${IAM}:root`), { kind: "root" });
});

Deno.test("policyOwner() does not guess at others", () => {
  for (const arn of [`${STS}:federated-user/jane`, `${STS}:assumed-role`, ""]) {
    assert.deepEqual(policyOwner(arn), { kind: "unknown" });
  }
});
