import assert from "node:assert/strict";
import { UnreadableText } from "../../core/writer/writer.ts";
import url from "../../plugins/url.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { fakeEntry, fakeMysqlEntry, TOKEN } from "./entries.ts";

Deno.test("url writes a URL that needs nothing else", () => {
  const { newText } = url().render([fakeEntry()], "");
  const read = new URL(newText);
  assert.equal(read.hostname, fakeEntry().host);
  assert.equal(decodeURIComponent(read.password), TOKEN);
  assert.equal(read.searchParams.get("sslmode"), "verify-full");
  assert.equal(
    url({ newline: true }).render([fakeEntry()], "").newText,
    `${newText}\n`,
  );
});

Deno.test("url writes over what it wrote, of any engine", () => {
  const old = url({ newline: true }).render([fakeMysqlEntry()], "").newText;
  const { newText } = url().render([fakeEntry()], old);
  assert.ok(newText.startsWith("postgresql://"));
  assert.equal(url().render([fakeEntry()], newText).newText, newText);
  assert.equal(url().remove(["orders"], newText).newText, "");
});

Deno.test("url touches nothing else", () => {
  for (
    const text of [
      "postgres://app:hunter2@host/db",
      "DATABASE_URL=x",
      "postgres://app:%zz@host/db",
      `${url().render([fakeEntry()], "").newText}\nmore`,
    ]
  ) {
    for (
      const call of [
        () => url().render([fakeEntry()], text),
        () => url().remove(undefined, text),
      ]
    ) {
      assert.throws(
        call,
        new UnreadableText(
          1,
          "it holds something else than a connection URL with a token: name another file",
        ),
      );
    }
  }
});

Deno.test("url refuses two targets", () => {
  assertRefuses(() => url().render([fakeEntry(), fakeMysqlEntry()], ""), {
    message:
      'Writer "url" cannot put "orders" and "shop" into one file: it holds one target',
    hint: "Give each target a file of its own",
  });
});
