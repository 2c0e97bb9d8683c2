import assert from "node:assert/strict";
import fc from "fast-check";
import { roffLines } from "../../cli/man/roff.ts";
import { renderPages } from "../../scripts/man.ts";
import { START } from "../fakes.ts";
import { isMissing } from "../programs.ts";

/** Runs mandoc on a page. */
async function mandoc(page: string, ...args: string[]): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".1" });
  try {
    await Deno.writeTextFile(path, page);
    const { stdout } = await new Deno.Command("mandoc", {
      args: [...args, path],
    }).output();
    // deno-lint-ignore no-control-regex -- backspaces are how mandoc prints bold
    return new TextDecoder().decode(stdout).replaceAll(/.\x08/g, "");
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("Every command has a man page that mandoc finds nothing wrong with", async (t) => {
  if (await isMissing(t, "mandoc")) return;
  const pages = await renderPages(START);
  for (const name of ["rdsiam.1", "rdsiam-exec.1", "rdsiam-setup-db.1"]) {
    assert.ok(pages.has(name), name);
  }
  for (const [name, page] of pages) {
    assert.equal(await mandoc(page, "-T", "lint", "-W", "warning"), "", name);
  }
});

Deno.test("A man page says what --help says: usage, options, defaults, environment, examples, subcommands", async (t) => {
  if (await isMissing(t, "mandoc")) return;
  const pages = await renderPages(START);
  const exec = await mandoc(pages.get("rdsiam-exec.1") ?? "", "-T", "utf8");
  assert.match(exec, /rdsiam exec \[target\] \[options\] -- CMD \[ARGS\]/);
  assert.match(exec, /--via method\n.*default:\s+passfile/s);
  assert.match(exec, /PGHOST\s+stands in for --host/);
  assert.match(exec, /rdsiam exec orders --via proxy -- \.\/server/);
  assert.match(exec, /128\+N when signal N ended it/);
  assert.match(exec, /2026-01-15/);
  const targets = await mandoc(
    pages.get("rdsiam-targets.1") ?? "",
    ...["-T", "utf8"],
  );
  assert.match(targets, /rdsiam targets add \[options\] <name> \[url\]/);
  assert.match(targets, /RDSIAM_TARGET\s+stands in for \[target\]/);
});

Deno.test("roffLines() shows any line as it is", async (t) => {
  if (await isMissing(t, "mandoc")) return;
  const lines = fc.sample(
    fc.array(
      fc.constantFrom(..."abc \\.'`-^~\"<>[]{}%$#&|*_é"),
      { minLength: 1, maxLength: 30 },
    ).map((characters) => `${characters.join("")}x`),
    300,
  );
  const shown = await mandoc(
    `.TH X 1 2026-01-15\n.SH X\n${roffLines(lines)}`,
    ...["-T", "utf8", "-O", "width=1000,indent=0"],
  );
  const body = shown.split("\n").slice(3, 3 + lines.length);
  assert.deepEqual(
    body.map((line) => line.replace(/^ {0,7}/, "").trimEnd()),
    lines.map((line) => line.trimEnd()),
  );
});
