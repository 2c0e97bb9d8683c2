import assert from "node:assert/strict";
import { markdownOf, testCasesOf } from "../../scripts/test_servers.ts";

const JUNIT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="4" failures="1" errors="0" time="1">
  <testsuite name="./a_test.ts" tests="4" disabled="0" errors="0" failures="1">
    <testcase name="it works on /pg/12" classname="./a_test.ts" time="0.1" line="1" col="1">
    </testcase>
    <testcase name="it fails on /pg/12" classname="./a_test.ts" time="0.1" line="2" col="1">
      <failure message="Uncaught Error: &lt;no&gt;">Error: no</failure>
    </testcase>
    <testcase name="it works on /pg/18" classname="./a_test.ts" time="0.1" line="3" col="1">
    </testcase>
    <testcase name="it waits on /pg/18" classname="./a_test.ts" time="0.1" line="4" col="1">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>`;

Deno.test("the table counts each server's tests", () => {
  const servers = [
    { version: "12.22", folder: "/pg/12" },
    { version: "18.4", folder: "/pg/18" },
  ];
  assert.equal(
    markdownOf(servers, testCasesOf(JUNIT)),
    [
      "| PostgreSQL | passed | failed | skipped |",
      "| --- | --- | --- | --- |",
      "| 12.22 | 1 | 1 | 0 |",
      "| 18.4 | 1 | 0 | 1 |",
    ].join("\n"),
  );
});
