import assert from "node:assert/strict";
import { join } from "node:path";
import { loadWriterModule } from "../../../adapters/writer/module.ts";
import { temporaryFolder } from "../temporary_folder.ts";

/** Loads a module of this text. */
async function load(text: string, file = "x.ts") {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(
    join(folder.path, "sibling.ts"),
    "export const x = 7;",
  );
  const path = join(folder.path, file);
  await Deno.writeTextFile(path, text);
  return await loadWriterModule(path, 20_000);
}

Deno.test("loadWriterModule() loads TypeScript and JavaScript, with files and parts of the runtime that they import", async () => {
  const imports = `
    import { x } from "./sibling.ts";
    import { join } from "node:path";
  `;
  const types = `import type { Writer } from "npm:none@1.0.0";`;
  const ts = `${types}${imports}
    export default (options: unknown): Writer => ({ x, options, join });`;
  const factory = await load(ts);
  assert.equal(Reflect.get(factory({ a: 1 }), "x"), 7);
  for (const file of ["x y#%.js", "x.mjs"]) {
    const js = await load(`${imports} export default () => x`, file);
    assert.equal<unknown>(js(), 7);
  }
});

Deno.test("loadWriterModule() refuses what exports no function as default", async () => {
  for (const text of ["", "export const x = 1;", "export default {};"]) {
    await assert.rejects(load(text), {
      message: "Its default export is not a function that makes a writer",
    });
  }
});

Deno.test("loadWriterModule() refuses code from elsewhere, and names it", async () => {
  const imports = [
    ["import x from 'https://example.com/x.ts';", "https://example.com/x.ts"],
    ["import 'npm:left-pad@1.3.0';", "npm:left-pad@1.3.0"],
    ['import {\n  x,\n} from "jsr:@std/path";', "jsr:@std/path"],
    ["export * from 'http://example.com/x.js'", "http://example.com/x.js"],
    ["  import * as x from 'data:text/javascript,1'", "data:text/javascript,1"],
  ];
  for (const [text, specifier] of imports) {
    await assert.rejects(
      load(`// a plugin\n${text}\nexport default () => 1;`),
      {
        message:
          `It imports "${specifier}", and rdsiam runs no code from elsewhere: files and node: modules alone`,
      },
    );
  }
  const comment =
    "// import x from 'https://example.com'\n/**\n * import 'npm:x'\n */";
  await load(`${comment}\nexport default () => 1;`);
});

Deno.test("loadWriterModule() passes on what a module throws, and what the parser says", async () => {
  await assert.rejects(load('throw new Error("boom");'), { message: "boom" });
  await assert.rejects(load("const x: = 3;"), /Unexpected token/);
});

Deno.test("loadWriterModule() waits only so long", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "x.ts");
  await Deno.writeTextFile(
    path,
    "await new Promise((go) => setTimeout(go, 300)); export default () => 1;",
  );
  await assert.rejects(loadWriterModule(path, 20), {
    message: "It took longer than 0.02 s",
  });
  await loadWriterModule(path, 20_000);
});
