import assert from "node:assert/strict";
import {
  readPassfileLine,
  splitPassfileLine,
} from "../../../core/passfile/line.ts";

Deno.test("splitPassfileLine() cuts at colons without a backslash, four times", () => {
  assert.deepEqual(splitPassfileLine("a\\:b:1:*::c:d\\"), {
    names: ["a\\:b", "1", "*", ""],
    rest: "c:d\\",
  });
  assert.deepEqual(splitPassfileLine("a\\\\:1:*:u:"), {
    names: ["a\\\\", "1", "*", "u"],
    rest: "",
  });
  assert.equal(splitPassfileLine("a:1:*:u\\:p"), undefined);
});

Deno.test("readPassfileLine() takes * alone for any, and reads what is escaped", () => {
  assert.deepEqual(readPassfileLine("*:*:\\*:**:a\\:b\\\\c:rest\r"), {
    host: undefined,
    port: undefined,
    database: "*",
    username: "**",
    password: "a:b\\c",
  });
});

Deno.test("readPassfileLine() skips what libpq skips", () => {
  for (const line of ["", "#a:1:*:u:p", "a:1:*:u", "\r"]) {
    assert.equal(readPassfileLine(line), undefined);
  }
});

Deno.test("readPassfileLine() reads a line of a million escapes", () => {
  const read = readPassfileLine(`a:1:*:u:${"\\:".repeat(1_000_000)}`);
  assert.equal(read?.password.length, 1_000_000);
});
