import assert from "node:assert/strict";
import { join } from "node:path";
import { loadWriterProgram } from "../../../adapters/writer/program.ts";
import { UnreadableText } from "../../../core/writer/writer.ts";
import { fakeEntry } from "../../fakes.ts";
import { writeProgram } from "../release/program.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const DESCRIPTION =
  '{"summary":"s","clients":"c","rereads":"start","holdsSecrets":true,"defaultPath":"/x"}';

/** Makes a writer of a shell script that is run with the request on its standard input. */
async function load(
  script: string,
  test: (
    writer: Awaited<ReturnType<typeof loadWriterProgram>>,
    folder: string,
  ) => Promise<void>,
) {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "rdsiam-writer-x");
  await writeProgram(
    path,
    `cd '${folder.path}'
    cat >request
    if grep -q '"action":"describe"' request; then
      cp request described
      echo '${DESCRIPTION}'
      exit
    fi
    ${script}`,
  );
  const writer = await loadWriterProgram({
    name: "x",
    path,
    options: { color: "red" },
    environment: { PATH: Deno.env.get("PATH") ?? "" },
    deadlineMs: 20_000,
  });
  await test(writer, folder.path);
}

async function readJson(folder: string, name: string) {
  return JSON.parse(await Deno.readTextFile(join(folder, name)));
}

Deno.test("loadWriterProgram() asks a program what it is, and to render and remove", async () => {
  const answer = `echo '{"newText":"new","notices":["n"]}'`;
  await load(answer, async (writer, folder) => {
    assert.equal(writer.name, "x");
    assert.equal(writer.describe.rereads, "start");
    assert.equal(writer.defaultPath({}, "linux"), "/x");
    assert.deepEqual(await readJson(folder, "described"), {
      action: "describe",
      options: { color: "red" },
    });

    const rendered = await writer.render([fakeEntry()], "old\uDCFF");
    assert.deepEqual(rendered, { newText: "new", notices: ["n"] });
    const request = await readJson(folder, "request");
    assert.equal(request.entries[0].password, "token-1");
    assert.equal(request.oldText, "old\uDCFF");

    await writer.remove(["orders"], "old");
    assert.deepEqual(await readJson(folder, "request"), {
      action: "remove",
      options: { color: "red" },
      names: ["orders"],
      oldText: "old",
    });
  });
});

Deno.test("loadWriterProgram() tells what a program complains of", async () => {
  const cases: [string, string][] = [
    ["echo wrong >&2; exit 3", "It ended with exit code 3: wrong"],
    ["exit 1", "It ended with exit code 1"],
    [
      "printf 'Traceback:\\n a\\n b\\n c\\nKeyError: 1\\n' >&2; exit 1",
      "It ended with exit code 1: Traceback: / … / KeyError: 1",
    ],
    ["kill -KILL $$", "It ended with exit code 137"],
    ["echo no json", "Its answer is no JSON"],
    ["echo '[]'", "Its answer is not an object"],
    ["echo '{}'", "Its answer has no text newText"],
  ];
  for (const [script, message] of cases) {
    await load(script, async (writer) => {
      await assert.rejects(Promise.resolve(writer.render([], "")), { message });
    });
  }
});

Deno.test("loadWriterProgram() takes a program's word that a text cannot be read", async () => {
  const script = `echo '{"unreadable":{"line":4,"why":"no key"}}'`;
  await load(script, async (writer) => {
    await assert.rejects(
      Promise.resolve(writer.render([], "")),
      (error) =>
        error instanceof UnreadableText && error.line === 4 &&
        error.message === "no key",
    );
  });
});

Deno.test("loadWriterProgram() refuses a program that does not say what it is", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "rdsiam-writer-x");
  const program = {
    name: "x",
    path,
    options: {},
    environment: {},
    deadlineMs: 20_000,
  };
  await writeProgram(path, "echo '{}'");
  await assert.rejects(loadWriterProgram(program), {
    message: "Its description has no texts summary and clients",
  });
});
