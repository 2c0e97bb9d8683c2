import assert from "node:assert/strict";
import {
  licenceFaults,
  renderLicences,
} from "../../../scripts/bundle/licences.ts";

const A = {
  name: "a",
  version: "1.0.0",
  licence: "ISC",
  author: "Ann",
  homepage: "https://a.example",
  text: "ISC of a",
};

Deno.test("licenceFaults() refuses what is not known to be permissive", () => {
  const packages = [A, { ...A, licence: "GPL-3.0" }, { ...A, licence: "" }];
  assert.deepEqual(licenceFaults(packages), [
    'npm package a@1.0.0 has the licence "GPL-3.0", which is not known to be permissive',
    'npm package a@1.0.0 has the licence "", which is not known to be permissive',
  ]);
});

Deno.test("renderLicences() writes each text once, below those whose it is", () => {
  const text = renderLicences([
    A,
    { ...A, name: "b" },
    { ...A, name: "c", author: "", text: "" },
    { ...A, name: "d", licence: "Unlicense", text: "" },
  ]);
  assert.ok(text.includes(
    "a 1.0.0 (ISC), Ann, https://a.example\nb 1.0.0 (ISC), Ann, https://a.example\n\nISC of a\n\n---",
  ));
  assert.match(
    text,
    /\nc 1\.0\.0 \(ISC\), https:\/\/a\.example\n\n\(No licence file .*As it reads elsewhere:\)\n\nISC of a\n\n---/,
  );
  assert.match(
    text,
    /\nd 1\.0\.0 .*\n\n\(No licence file .*Unlicense\.html\)\n$/,
  );
});
