import assert from "node:assert/strict";
import { Secret } from "../../core/secret.ts";
import type { Rendered } from "../../core/writer/writer.ts";
import mycnf from "../../plugins/mycnf.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { fakeEntry, fakeMysqlEntry } from "./entries.ts";

const SHOP = fakeMysqlEntry();
const STOCK = fakeMysqlEntry({ name: "stock", password: new Secret("t2") });

/** The groups of an option file with their options, later ones of a name added. */
function groups({ newText }: Rendered): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  let group: Record<string, string> = {};
  for (const line of newText.split("\n")) {
    const name = /^\[(.*)\]$/.exec(line)?.[1];
    if (name !== undefined) group = found[name] ??= {};
    else if (line !== "" && !line.startsWith("#")) {
      const [key = "", value = ""] = line.split(/=(.*)/s);
      group[key] = value.replace(/^"(.*)"$/, "$1");
    }
  }
  return found;
}

Deno.test("mycnf writes a lone target as [client]", () => {
  const rendered = mycnf().render([SHOP], "");
  assert.equal(
    groups(rendered).client?.password,
    SHOP.password.reveal(),
  );
  assert.deepEqual(rendered.notices, []);
});

Deno.test("mycnf writes several targets as groups of their names", () => {
  const rendered = mycnf().render([SHOP, STOCK], "");
  assert.deepEqual(Object.keys(groups(rendered)), [
    "client_shop",
    "client-mariadb_shop",
    "client_stock",
    "client-mariadb_stock",
  ]);
  const named = mycnf({ default: "stock" }).render([SHOP, STOCK], "");
  assert.equal(groups(named).client?.password, "t2");
});

Deno.test("mycnf leaves a target the group that it has", () => {
  const writer = mycnf();
  const first = writer.render([SHOP], "").newText;
  const both = writer.render([STOCK, SHOP], first);
  assert.ok("client_stock" in groups(both));
  assert.equal(groups(both).client?.host, SHOP.host);
  assert.equal(
    writer.render([STOCK, SHOP], both.newText).newText,
    both.newText,
  );
});

Deno.test("mycnf refuses two targets for [client]", () => {
  const first = mycnf().render([SHOP], "").newText;
  assertRefuses(() => mycnf({ default: "stock" }).render([STOCK], first), {
    message: 'Group [client] cannot be both "shop" and "stock"',
    hint: "Sync both at once, with the option default naming one",
  });
});

Deno.test("mycnf keeps the user's own lines and speaks of their [client]", () => {
  const old = "[mysql]\nprompt=x\n\n[client]\nuser=me\n";
  const rendered = mycnf().render([SHOP], old);
  assert.ok(rendered.newText.startsWith(old));
  assert.deepEqual(rendered.notices, [
    "Line 4 begins a [client] of yours: where both set an option, the later one wins",
  ]);
  assert.deepEqual(mycnf().remove(["shop"], rendered.newText).newText, old);
});

Deno.test("mycnf lists its targets with the end of their tokens", () => {
  const writer = mycnf();
  const { newText } = writer.render([SHOP], "");
  const [listed] = writer.list?.(newText) ?? [];
  assert.deepEqual([listed?.name, listed?.expiresAt], ["shop", SHOP.expiresAt]);
});

Deno.test("mycnf refuses what the file cannot hold", () => {
  assertRefuses(() => mycnf().render([fakeEntry()], ""), {
    message:
      'Writer "mycnf" cannot write "orders": it is a PostgreSQL database',
    hint: "Use the writer pgpass",
  });
  const odd = fakeMysqlEntry({ name: "a]b" });
  assertRefuses(() => mycnf().render([SHOP, odd], ""), {
    message: 'Writer "mycnf" cannot write "a]b": no group can have this name',
    hint: "Rename the target",
  });
});

Deno.test("mycnf is at home in ~/.my.cnf", () => {
  const { defaultPath } = mycnf();
  assert.equal(defaultPath({ HOME: "/home/u" }, "linux"), "/home/u/.my.cnf");
  assert.equal(defaultPath({}, "linux"), undefined);
  assert.equal(defaultPath({ HOME: "/c/u" }, "windows"), undefined);
});
