import assert from "node:assert/strict";
import { join } from "node:path";
import { listWriters, loadWriter } from "../../../cli/writer/writers.ts";
import { WRITERS } from "../../../plugins/mod.ts";
import { writeProgram } from "../../adapters/release/program.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

/** A module that makes a writer whose every file is the text; it knows the option `text`. */
function moduleOf(text: string): string {
  return `export default function make(options = {}) {
    for (const name of Object.keys(options)) {
      if (name === "text") continue;
      throw Object.assign(new RangeError('Option "' + name + '" is not known'), { hint: "Known: text" });
    }
    return {
      name: "anything",
      describe: { summary: "a file", clients: "mine", rereads: "start", holdsSecrets: false },
      defaultPath: ({ HOME }) => HOME + "/.mine",
      render: () => ({ newText: options.text ?? ${JSON.stringify(text)} }),
      remove: () => ({ newText: "" }),
    };
  }`;
}

/** A plugin folder and a folder on PATH, both empty. */
async function world() {
  const folder = await temporaryFolder();
  const plugins = join(folder.path, "config", "rdsiam", "plugins");
  const bin = join(folder.path, "bin");
  await Deno.mkdir(plugins, { recursive: true, mode: 0o755 });
  await Deno.mkdir(bin, { mode: 0o755 });
  const environment = {
    HOME: "/home/app",
    XDG_CONFIG_HOME: join(folder.path, "config"),
    PATH: `${bin}:${Deno.env.get("PATH")}`,
  };
  return {
    context: { environment },
    plugins,
    bin,
    async module(name: string, text: string) {
      const path = join(plugins, name);
      await Deno.writeTextFile(path, moduleOf(text), { mode: 0o644 });
      return path;
    },
    async program(name: string) {
      const path = join(bin, `rdsiam-writer-${name}`);
      await writeProgram(
        path,
        `grep -q describe && echo '{"summary":"s","clients":"c","rereads":"reload","holdsSecrets":true}' ||
          echo '{"newText":"program"}'`,
      );
      return path;
    },
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

const NO_OPTIONS = {};

async function textOf(
  name: string,
  context: { environment: Record<string, string> },
) {
  const writer = await loadWriter(name, NO_OPTIONS, context);
  return (await writer.render([], "")).newText;
}

Deno.test("loadWriter() takes a path, then the plugin folder, then PATH", async () => {
  await using here = await world();
  await here.program("mine");
  assert.equal(await textOf("mine", here.context), "program");
  const path = await here.module("mine.ts", "folder");
  assert.equal(await textOf("mine", here.context), "folder");
  assert.equal(await textOf(path, here.context), "folder");
  assert.equal(
    await textOf(join(here.bin, "rdsiam-writer-mine"), here.context),
    "program",
  );
});

Deno.test("loadWriter() calls a plugin by its file, and gives it its options", async () => {
  await using here = await world();
  await here.module("mine.mjs", "x");
  const writer = await loadWriter("mine", { text: "y" }, here.context);
  assert.equal(writer.name, "mine");
  assert.equal(writer.defaultPath({ HOME: "/h" }, "linux"), "/h/.mine");
  assert.equal((await writer.render([], "")).newText, "y");
});

Deno.test("loadWriter() tells a wrong option with the writer's name", async () => {
  await using here = await world();
  await here.module("mine.ts", "x");
  await assertRefusesLater(loadWriter("mine", { txt: 1 }, here.context), {
    message: 'Writer "mine" cannot be made: option "txt" is not known',
    hint: "Known: text",
  });
});

Deno.test("loadWriter() suggests the nearest name, and looks nowhere for what is no name", async () => {
  await using here = await world();
  await here.module("my-writer.ts", "x");
  await assertRefusesLater(loadWriter("mywriter", {}, here.context), {
    message: 'Writer "mywriter" is not known',
    hint: 'Did you mean "my-writer"?',
  });
  for (const name of ["none", "..", "", "-x", "a b"]) {
    await assertRefusesLater(loadWriter(name, {}, here.context), {
      message: `Writer "${name}" is not known`,
      hint: "Run rdsiam writers to list them",
    });
  }
});

// security: plugin-others-write
Deno.test("loadWriter() runs no plugin that others can write to", async () => {
  await using here = await world();
  for (
    const path of [await here.module("a.ts", "x"), await here.program("b")]
  ) {
    await Deno.chmod(path, 0o777);
    const name = path.endsWith(".ts") ? "a" : "b";
    await assertRefusesLater(loadWriter(name, {}, here.context), {
      message:
        `Plugin "${path}" is refused: others can write to "${path}", its mode is 0777`,
      hint: `chmod go-w "${path}"`,
    });
  }
});

Deno.test("loadWriter() names a plugin that does not work", async () => {
  await using here = await world();
  const path = join(here.plugins, "mine.ts");
  await Deno.writeTextFile(path, "throw new Error('boom');", { mode: 0o644 });
  await assertRefusesLater(loadWriter("mine", {}, here.context), {
    kind: "failed",
    message: `Writer "mine" of "${path}" failed: boom`,
    hint: "Set RDSIAM_DEBUG=1 to see where, and tell its author",
  });
});

Deno.test("loadWriter() names a plugin that makes no writer, once", async () => {
  await using here = await world();
  const path = join(here.plugins, "mine.ts");
  const code = "export default () => ({});";
  await Deno.writeTextFile(path, code, { mode: 0o644 });
  await assertRefusesLater(loadWriter("mine", {}, here.context), {
    kind: "failed",
    message:
      `Writer "mine" of "${path}" failed: it makes no writer: describe, defaultPath(), render() and remove() are required`,
    hint: "Set RDSIAM_DEBUG=1 to see where, and tell its author",
  });
});

Deno.test("listWriters() lists what is built in, then plugins, with where they come from", async () => {
  await using here = await world();
  const module = await here.module("mine.ts", "x");
  const program = await here.program("other");
  const writers = await listWriters(here.context);
  const names = WRITERS.map(({ name }) => name);
  assert.deepEqual(
    writers.map(({ name, origin }) => [name, origin]),
    [
      ...names.map((name) => [name, "built-in"]),
      ["mine", module],
      ["other", program],
    ],
  );
  assert.deepEqual(writers.find(({ name }) => name === "mine"), {
    name: "mine",
    origin: module,
    description: {
      summary: "a file",
      clients: "mine",
      rereads: "start",
      holdsSecrets: false,
    },
    defaultPath: "/home/app/.mine",
  });
  assert.equal("defaultPath" in (writers.at(-1) ?? {}), false);
});

Deno.test("listWriters() tells which plugins are hidden or broken, and lists the others", async () => {
  await using here = await world();
  const first = await here.module("mine.ts", "x");
  const hidden = await here.program("mine");
  const broken = await here.module("wrong.ts", "x");
  await Deno.writeTextFile(broken, "export default 1;");
  const builtIn = WRITERS.find(Boolean)?.name;
  const taken = builtIn && await here.module(`${builtIn}.ts`, "x");
  const errors = (await listWriters(here.context)).flatMap(({ error }) =>
    error ?? []
  );
  assert.deepEqual(
    errors.sort(),
    [
      ...taken
        ? [`Plugin "${taken}" is left out: "${builtIn}" is built in`]
        : [],
      `Plugin "${hidden}" is left out: "${first}" goes first`,
      `Writer "wrong" of "${broken}" failed: its default export is not a function that makes a writer`,
    ].sort(),
  );
});
