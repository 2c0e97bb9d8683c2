import assert from "node:assert/strict";
import {
  isPermissive,
  licenceOf,
  lockedPackages,
  reviewLicences,
} from "../../../scripts/audit/licences.ts";

Deno.test("isPermissive() reads SPDX expressions", () => {
  for (
    const expression of [
      "MIT",
      "(MIT OR Apache-2.0)",
      "GPL-3.0-only OR MIT",
      "MIT AND ISC",
    ]
  ) assert.ok(isPermissive(expression), expression);
  for (
    const expression of [
      "",
      "GPL-3.0-only",
      "MIT AND GPL-3.0-only",
      "LGPL-2.1 OR AGPL-3.0",
      "SEE LICENSE IN LICENSE.md",
    ]
  ) assert.ok(!isPermissive(expression), expression);
});

Deno.test("reviewLicences() counts licences and names what is doubtful", () => {
  const packages = [
    { id: "a@1", licence: "ISC" },
    { id: "b@1", licence: "MIT" },
    { id: "c@1", licence: "MIT" },
    { id: "d@1", licence: undefined },
  ];
  assert.deepEqual(reviewLicences(packages), {
    counts: [["MIT", 2], ["ISC", 1], ["none", 1]],
    doubtful: [{ id: "d@1", licence: undefined }],
  });
});

Deno.test("licenceOf() reads every way that a package.json has of saying it", () => {
  assert.equal(licenceOf('{"license":"MIT"}'), "MIT");
  assert.equal(licenceOf('{"license":{"type":"MIT"}}'), "MIT");
  assert.equal(licenceOf('{"licenses":[{"type":"MIT"}]}'), "MIT");
  assert.equal(licenceOf("{}"), undefined);
});

Deno.test("lockedPackages() names each package once, whatever its peers", () => {
  const npm = {
    "@a/b@1.0.0": {},
    "c@2.0.0_d@1.0.0": {},
    "c@2.0.0_d@2.0.0": {},
  };
  const names = lockedPackages(JSON.stringify({ npm }));
  assert.deepEqual(names, ["@a/b@1.0.0", "c@2.0.0"]);
});
