import assert from "node:assert/strict";
import { ResultPrinter } from "../../../cli/doctor/print.ts";
import type { CheckName, CheckResult } from "../../../core/doctor/check.ts";
import { FakeOutput } from "../../fakes.ts";

function skippedFor(needs: CheckName, check: CheckName): CheckResult {
  return { check, status: "skipped", detail: `needs ${needs}`, needs };
}

const RESULTS: readonly CheckResult[] = [
  { check: "configuration", status: "ok", detail: "from here" },
  { check: "tls", status: "warning", detail: "weak", remedy: "mend it" },
  {
    check: "tcp",
    status: "failed",
    kind: "unreachable",
    detail: "shut",
    remedy: "open it",
  },
  { check: "policy", status: "failed", kind: "failed", detail: "odd" },
  { check: "database", status: "skipped", detail: "no permission" },
  skippedFor("tcp", "login"),
  skippedFor("tcp", "role"),
];

function print(
  results: readonly CheckResult[],
  options = { hasColor: false, quiet: false },
): string {
  const output = new FakeOutput();
  const printer = new ResultPrinter(output, options);
  for (const result of results) printer.print(result);
  printer.flush();
  return output.text;
}

Deno.test("ResultPrinter prints a line each, remedies below, and what is skipped together", () => {
  assert.equal(
    print(RESULTS),
    `✓ configuration  from here
! tls            weak
                 → mend it
✗ tcp            shut
                 → open it
✗ policy         odd
- database       no permission
- login, role: need tcp
`,
  );
});

Deno.test("ResultPrinter counts checks where many are skipped for one reason", () => {
  const checks: CheckName[] = ["dns", "tcp", "tls", "login", "role"];
  assert.equal(
    print(checks.map((check) => skippedFor("configuration", check))),
    "- 5 others: need configuration\n",
  );
});

Deno.test("ResultPrinter prints what failed alone where only that is wanted", () => {
  assert.equal(
    print(RESULTS, { hasColor: false, quiet: true }),
    `✗ tcp            shut
                 → open it
✗ policy         odd
`,
  );
});

Deno.test("ResultPrinter colours the marks, and all of what is skipped", () => {
  assert.equal(
    print(RESULTS.slice(3, 5), { hasColor: true, quiet: false }),
    "\x1b[31m✗\x1b[39m policy         odd\n" +
      "\x1b[90m- database       no permission\x1b[39m\n",
  );
});
