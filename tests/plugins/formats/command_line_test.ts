import assert from "node:assert/strict";
import fc from "fast-check";
import {
  quotedCommand,
  shellCommand,
} from "../../../plugins/formats/command_line.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("shellCommand() quotes for the shell of the program's system", () => {
  assert.equal(
    shellCommand(["/opt/a b/rdsiam", "token", "$(x)"]),
    "'/opt/a b/rdsiam' token '$(x)'",
  );
  assert.equal(
    shellCommand(["C:\\a b\\rdsiam.exe", "token", "x&y"]),
    '"C:\\a b\\rdsiam.exe" token "x&y"',
  );
  assert.equal(shellCommand(["\\\\nas\\rdsiam.exe"]), "\\\\nas\\rdsiam.exe");
});

for (const word of ['a"b', "%PATH%", "!x!", "a\nb"]) {
  Deno.test(`shellCommand() refuses ${JSON.stringify(word)} for cmd.exe`, () => {
    assertRefuses(() => shellCommand(["C:\\rdsiam.exe", word]), {
      message:
        `Cannot write a command line for the client: "${word}" cannot be quoted in it`,
      hint: "Give the target another name in the configuration file",
    });
  });
}

Deno.test("quotedCommand() writes what splitting at white space outside double quotes reads back", () => {
  fc.assert(fc.property(
    fc.array(
      fc.string({ unit: "grapheme", minLength: 1 })
        .filter((word) => !/["\r\n]|\$\{/.test(word)),
      { minLength: 1 },
    ),
    (words) => {
      const line = quotedCommand(words);
      const read = [...line.matchAll(/"([^"]*)"|([^\s"]+)/g)]
        .map(([, quoted, plain]) => quoted ?? plain);
      assert.deepEqual(read, words);
    },
  ));
});
