import assert from "node:assert/strict";
import {
  checkDescription,
  checkManaged,
  checkRendered,
  isModulePath,
  isPluginName,
  isPluginPath,
  LONGEST_TEXT,
} from "../../../core/writer/plugin.ts";

const DESCRIPTION = {
  summary: "a file",
  clients: "a client",
  rereads: "connection",
  holdsSecrets: true,
};

Deno.test("checkRendered() takes a text, with and without notices", () => {
  assert.deepEqual(checkRendered({ newText: "" }, "old"), {
    newText: "",
    notices: [],
  });
  assert.deepEqual(
    checkRendered({ newText: "a", notices: ["n"], more: 1 }, ""),
    { newText: "a", notices: ["n"] },
  );
});

Deno.test("checkRendered() takes names that were left out, and nothing else for them", () => {
  assert.deepEqual(checkRendered({ newText: "", leftOut: ["a"] }, ""), {
    newText: "",
    notices: [],
    leftOut: ["a"],
  });
  assert.throws(() => checkRendered({ newText: "", leftOut: "a" }, ""), {
    message: "The leftOut of its answer is not a list of texts",
  });
});

Deno.test("checkRendered() refuses what is no text, or too long", () => {
  const wrong: [unknown, RegExp][] = [
    [undefined, /not an object/],
    [null, /not an object/],
    ["text", /not an object/],
    [[], /not an object/],
    [{}, /no text newText/],
    [{ newText: 1 }, /no text newText/],
    [{ newText: "", notices: "n" }, /not a list of texts/],
    [{ newText: "", notices: [1] }, /not a list of texts/],
    [{ newText: "x".repeat(LONGEST_TEXT + 1) }, /longer than 64 MiB/],
  ];
  for (const [answer, message] of wrong) {
    assert.throws(() => checkRendered(answer, ""), {
      name: "TypeError",
      message,
    });
  }
});

Deno.test("checkRendered() refuses a text in which a decoder has replaced bytes that are no UTF-8", () => {
  assert.throws(
    () => checkRendered({ newText: "# gr\uFFFDn" }, "# gr\uDCFCn"),
    /lost bytes of the old text that are not UTF-8/,
  );
  for (const text of ["# gr\uDCFCn", "\uFFFD"]) {
    assert.equal(checkRendered({ newText: text }, text).newText, text);
  }
});

Deno.test("checkDescription() keeps what is known of it", () => {
  assert.deepEqual(
    checkDescription({ ...DESCRIPTION, defaultPath: "/x" }),
    DESCRIPTION,
  );
});

Deno.test("checkDescription() names what is missing or wrong", () => {
  const wrong: [object, RegExp][] = [
    [{ summary: 1 }, /no texts summary and clients/],
    [{ clients: undefined }, /no texts summary and clients/],
    [{ rereads: "never" }, /must be one of connection, start, reload/],
    [{ holdsSecrets: "yes" }, /holdsSecrets .* is not a boolean/],
  ];
  for (const [change, message] of wrong) {
    assert.throws(() => checkDescription({ ...DESCRIPTION, ...change }), {
      name: "TypeError",
      message,
    });
  }
});

Deno.test("checkManaged() takes entries with names, and refuses anything else", () => {
  assert.deepEqual(
    checkManaged([{ name: "a", expiresAt: 1 }, { name: "b", expiresAt: "x" }]),
    [{ name: "a", expiresAt: 1 }, { name: "b", expiresAt: undefined }],
  );
  const wrong: [unknown, RegExp][] = [
    [undefined, /gives no list/],
    [[1], /not an object/],
    [[{}], /entry without a name/],
  ];
  for (const [answer, message] of wrong) {
    assert.throws(() => checkManaged(answer), { name: "TypeError", message });
  }
});

Deno.test("isPluginName() takes words, and nothing that leads to another folder", () => {
  for (const name of ["pgpass", "my-writer", "a_b", "9x", "x".repeat(64)]) {
    assert.equal(isPluginName(name), true, name);
  }
  const wrong = [
    ...["", "-x", "--help", ".hidden", "a.b", "..", "a/b", "../a", "a\\b"],
    ...["a b", "a\nb", "a\0", "é", "C:x", "x".repeat(65)],
  ];
  for (const name of wrong) assert.equal(isPluginName(name), false, name);
});

Deno.test("isPluginPath() tells paths and names of modules from names", () => {
  for (const name of ["./x", "/x", "a/b", "C:\\x", "x.ts", "x.js", "x.mjs"]) {
    assert.equal(isPluginPath(name), true, name);
  }
  for (const name of ["x", "pgpass-raw", "x.py"]) {
    assert.equal(isPluginPath(name), false, name);
  }
});

Deno.test("isModulePath() goes by the ending", () => {
  assert.equal(isModulePath("/a/x.mjs"), true);
  assert.equal(isModulePath("/a.ts/x"), false);
});
