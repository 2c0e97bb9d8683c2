import assert from "node:assert/strict";
import {
  databaseStatement,
  parseIdentity,
  withoutStatements,
  withStatements,
} from "../../../core/policy/attachment.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

const OTHER = { Sid: "Theirs", Effect: "Allow", Action: "s3:*", Resource: "*" };
const ORDERS = databaseStatement("orders", ["arn:old/app"]);
const BILLING = databaseStatement("billing", ["arn:b/app"]);

Deno.test("parseIdentity() reads users and roles, with a path or without", () => {
  assert.deepEqual(parseIdentity("user/jane"), { kind: "user", name: "jane" });
  assert.deepEqual(parseIdentity("role/team/a/app+1@x"), {
    kind: "role",
    name: "app+1@x",
  });
  for (const text of ["jane", "group/x", "user/", "role/a b", "user/ä"]) {
    assertRefuses(() => parseIdentity(text), {
      kind: "usage",
      message: "The IAM identity is not valid",
      hint: "Write it as user/NAME or role/NAME",
    });
  }
});

Deno.test("withStatements() replaces an older version of a database's, and leaves every other statement as it is", () => {
  const now = databaseStatement("orders", ["arn:new/app"]);
  const old = {
    Version: "2012-10-17",
    Id: "x",
    Statement: [OTHER, ORDERS, BILLING],
  };
  assert.deepEqual(withStatements(old, [now]), {
    document: {
      Version: "2012-10-17",
      Id: "x",
      Statement: [OTHER, BILLING, now],
    },
    added: ["arn:new/app"],
    removed: ["arn:old/app"],
  });
  assert.deepEqual(
    withStatements({ Statement: OTHER }, [now]).document?.Statement,
    [OTHER, now],
  );
  const same = withStatements(old, [ORDERS]);
  assert.deepEqual([same.added, same.removed], [[], []]);
});

Deno.test("withoutStatements() takes a database's out, and leaves no empty document", () => {
  const both = { Statement: [ORDERS, BILLING] };
  const { document, removed } = withoutStatements(both, [ORDERS]);
  assert.deepEqual(document?.Statement, [BILLING]);
  assert.deepEqual(removed, ["arn:old/app"]);
  assert.equal(
    withoutStatements({ Statement: [ORDERS] }, [ORDERS]).document,
    undefined,
  );
  assert.deepEqual(withoutStatements(undefined, [ORDERS]).removed, []);
});
