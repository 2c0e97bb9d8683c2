import assert from "node:assert/strict";
import { UnreadableText } from "../../core/writer/writer.ts";
import passwordFile from "../../plugins/password_file.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { TOKEN_VECTORS } from "../testdata/token_vectors.ts";
import { fakeEntry, fakeMysqlEntry, TOKEN } from "./entries.ts";

Deno.test("password-file writes the token and nothing else", () => {
  assert.equal(passwordFile().render([fakeEntry()], "").newText, TOKEN);
  const { newText } = passwordFile({ newline: true }).render([fakeEntry()], "");
  assert.equal(newText, `${TOKEN}\n`);
});

Deno.test("password-file writes over a token of any signer, and over nothing else", () => {
  for (
    const old of TOKEN_VECTORS.flatMap((
      { js, botocore, go },
    ) => [js, botocore, go])
  ) {
    assert.equal(passwordFile().render([fakeEntry()], old).newText, TOKEN);
    assert.equal(passwordFile().remove(undefined, `${old}\n`).newText, "");
  }
  for (const old of ["hunter2", "h:1/?a=b", `${TOKEN}\n${TOKEN}`, "[x]\n"]) {
    for (
      const call of [
        () => passwordFile().render([fakeEntry()], old),
        () => passwordFile().remove(undefined, old),
      ]
    ) {
      assert.throws(
        call,
        new UnreadableText(
          1,
          "it holds something else than a token: name another file",
        ),
      );
    }
  }
});

Deno.test("password-file refuses two targets", () => {
  assertRefuses(
    () => passwordFile().render([fakeEntry(), fakeMysqlEntry()], ""),
    {
      message:
        'Writer "password-file" cannot put "orders" and "shop" into one file: it holds one target',
      hint: "Give each target a file of its own",
    },
  );
});
