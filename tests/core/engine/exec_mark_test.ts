import assert from "node:assert/strict";
import fc from "fast-check";
import { markExec, outsideOfExec } from "../../../core/engine/exec_mark.ts";

const OUTSIDE = {
  PATH: "/bin",
  PGPASSFILE: "/home/me/pgpass",
  PGSERVICE: "mine",
  PGPASSWORD: "hunter2",
};

/** What `exec` makes of it: a variable more, one that is another, one that is gone. */
const INSIDE = {
  PATH: "/bin",
  PGHOST: "orders",
  PGPASSFILE: "/run/user/1000/rdsiam-1000/run-x/pgpass",
};

Deno.test("outsideOfExec() gives back what exec replaced and took out, but for a password", () => {
  assert.deepEqual(outsideOfExec(markExec(OUTSIDE, INSIDE)), {
    PATH: "/bin",
    PGPASSFILE: "/home/me/pgpass",
    PGSERVICE: "mine",
  });
});

Deno.test("outsideOfExec() keeps what the user set or took out within exec", () => {
  const marked = markExec(OUTSIDE, INSIDE);
  const { PGPASSFILE: _, ...rest } = marked;
  const changed = { ...rest, PGHOST: "billing", PGSERVICE: "other", MORE: "1" };
  assert.deepEqual(outsideOfExec(changed), {
    PATH: "/bin",
    PGHOST: "billing",
    PGSERVICE: "other",
    MORE: "1",
  });
});

Deno.test("outsideOfExec() takes a password that the user typed within exec for the user's own", () => {
  const marked = markExec({}, { PGPASSWORD: "of the proxy" });
  assert.deepEqual(outsideOfExec(marked), {});
  assert.deepEqual(outsideOfExec({ ...marked, PGPASSWORD: "mine" }), {
    PGPASSWORD: "mine",
  });
});

Deno.test("markExec() writes no password down", () => {
  const marked = markExec({ PGPASSWORD: "hunter2", MYSQL_PWD: "hunter3" }, {
    PGPASSWORD: "local-secret",
  });
  assert.doesNotMatch(marked.RDSIAM_EXEC ?? "", /hunter|local-secret/);
});

Deno.test("outsideOfExec() leaves an environment alone whose mark cannot be read", () => {
  for (const text of ["", "{", "1", "null", "{}", '{"put":1,"was":{}}']) {
    const environment = { RDSIAM_EXEC: text, PGHOST: "orders" };
    assert.deepEqual(outsideOfExec(environment), environment);
  }
});

Deno.test("outsideOfExec() undoes markExec(), whatever was changed", () => {
  const name = fc.constantFrom("PGHOST", "PGPORT", "PGSERVICE", "PATH", "HOME");
  const environment = fc.dictionary(name, fc.string());
  fc.assert(fc.property(environment, environment, (outside, changed) => {
    assert.deepEqual({ ...outsideOfExec(markExec(outside, changed)) }, {
      ...outside,
    });
  }));
});
