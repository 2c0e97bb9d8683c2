import assert from "node:assert/strict";
import { Secret } from "../../core/secret.ts";
import { UnreadableText } from "../../core/writer/writer.ts";
import json from "../../plugins/json.ts";
import { fakeEntry, fakeMysqlEntry, TOKEN } from "./entries.ts";

Deno.test("json writes all that is known of a target", () => {
  const { newText } = json().render([fakeEntry()], "");
  assert.deepEqual(JSON.parse(newText), {
    managedBy: "rdsiam",
    targets: [{
      name: "orders",
      engine: "postgres",
      host: "orders.abc.eu-west-1.rds.amazonaws.com",
      port: 5432,
      username: "app",
      database: "orders",
      sslmode: "verify-full",
      sslrootcert: "/home/u/.rdsiam/rds-ca.pem",
      password: TOKEN,
      expiresAt: "2026-01-15T12:49:56.000Z",
    }],
  });
});

Deno.test("json replaces a target in its place and keeps the others", () => {
  const writer = json();
  const both = writer.render([fakeEntry(), fakeMysqlEntry()], "").newText;
  const renewed = fakeEntry({ password: new Secret("t2"), expiresAt: 0 });
  const { newText } = writer.render([renewed], both);
  assert.deepEqual(
    JSON.parse(newText).targets.map(
      ({ name, password }: { name: string; password: string }) => [
        name,
        password,
      ],
    ),
    [["orders", "t2"], ["shop", TOKEN]],
  );
  assert.deepEqual(writer.list?.(newText), [
    { name: "orders", expiresAt: undefined },
    { name: "shop", expiresAt: fakeMysqlEntry().expiresAt },
  ]);
  const left = writer.remove(["orders"], newText).newText;
  assert.deepEqual(writer.list?.(left).map(({ name }) => name), ["shop"]);
  assert.equal(writer.remove(undefined, newText).newText, "");
  assert.equal(writer.remove(["shop"], left).newText, "");
});

Deno.test("json touches no other file", () => {
  for (
    const text of ["{", "[]", "{}", '{"targets":[]}', '{"managedBy":"rdsiam"}']
  ) {
    assert.throws(
      () => json().render([fakeEntry()], text),
      new UnreadableText(
        1,
        "it holds something else than what this writer wrote: name another file",
      ),
    );
  }
});
