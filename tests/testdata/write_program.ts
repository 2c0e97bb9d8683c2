/** Replaces the file that is its argument for ever, with two contents in turn. */
import { replaceFile } from "../../adapters/files/replace_file.ts";

const [path = ""] = Deno.args;
const contents = ["a", "b"].map((letter) => letter.repeat(1_000_000));
for (let turn = 0;; turn++) {
  await replaceFile(path, contents[turn % 2] ?? "");
  if (turn === 0) await print("begun");
}

async function print(line: string) {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
