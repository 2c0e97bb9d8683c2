import assert from "node:assert/strict";
import fc from "fast-check";
import {
  connectArn,
  evaluatePolicy,
  parsePolicy,
} from "../../../core/policy/policy.ts";
import { connectPolicy } from "../../../core/policy/document.ts";
import { policyArn } from "../../../core/policy/resource.ts";
import { anyCharacter } from "../../any_character.ts";

const DATABASE = {
  partition: "aws",
  region: "eu-west-1",
  account: "123456789012",
  resourceId: "db-ABC",
};

function arn(username: string | undefined): string {
  return policyArn({ ...DATABASE, username });
}

function decide(policy: unknown, username: string): string {
  return evaluatePolicy(
    parsePolicy(JSON.stringify(policy)),
    "rds-db:connect",
    connectArn({ ...DATABASE, username }),
  );
}

const username = fc.oneof(
  fc.string({ minLength: 1, unit: anyCharacter }),
  fc.array(fc.constantFrom(..."a*?${}/\\"), { minLength: 1 })
    .map((characters) => characters.join("")),
);

Deno.test("policyArn() holds ordinary names as they are, slashes included", () => {
  const start = "arn:aws:rds-db:eu-west-1:123456789012:dbuser:db-ABC/";
  for (const name of ["app", "jane.doe@example.com", "a/b", "$1", "{x}"]) {
    assert.equal(arn(name), `${start}${name}`);
  }
  assert.equal(arn("a*?"), `${start}a\${*}\${?}`);
  assert.equal(arn("${aws:username}"), `${start}\${$}{aws:username}`);
  assert.equal(arn(undefined), `${start}*`);
});

Deno.test("policyArn() lets the user in whose name it holds, and nobody else", () => {
  fc.assert(
    fc.property(username, username, (wanted, other) => {
      const policy = connectPolicy([arn(wanted)]);
      assert.equal(decide(policy, wanted), "allowed");
      if (other !== wanted) {
        assert.equal(decide(policy, other), "no statement allows it");
      }
    }),
  );
});

Deno.test("policyArn() without a user lets every user in", () => {
  fc.assert(
    fc.property(username, (name) => {
      assert.equal(decide(connectPolicy([arn(undefined)]), name), "allowed");
    }),
  );
});

Deno.test("parsePolicy() takes ${*} for a character under Version 2012-10-17 alone", () => {
  const { Statement } = connectPolicy([arn("*")]);
  const why = /the variable in Resource cannot be evaluated here/;
  assert.throws(() => decide({ Statement }, "*"), why);
  assert.throws(() => decide({ Statement, Version: "2008-10-17" }, "*"), why);
  assert.equal(decide({ Statement, Version: "2012-10-17" }, "*"), "allowed");
});

Deno.test("connectPolicy() names each ARN once, a single one without a list", () => {
  assert.equal(connectPolicy(["a", "a"]).Statement[0]?.Resource, "a");
  assert.deepEqual(
    connectPolicy(["b", "a", "b"]).Statement[0]?.Resource,
    ["b", "a"],
  );
});
