import assert from "node:assert/strict";
import { Secret } from "../../core/secret.ts";
import { UnreadableText } from "../../core/writer/writer.ts";
import k8sSecret from "../../plugins/k8s_secret.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { fakeEntry, fakeMysqlEntry, TOKEN } from "./entries.ts";

Deno.test("k8s-secret writes a manifest that kubectl applies", () => {
  const { newText } = k8sSecret({ namespace: "prod" }).render(
    [fakeEntry()],
    "",
  );
  assert.deepEqual(JSON.parse(newText), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "rdsiam-orders",
      namespace: "prod",
      labels: { "app.kubernetes.io/managed-by": "rdsiam" },
      annotations: {
        "rdsiam/target": "orders",
        "rdsiam/expires-at": "2026-01-15T12:49:56.000Z",
      },
    },
    type: "Opaque",
    stringData: {
      host: "orders.abc.eu-west-1.rds.amazonaws.com",
      port: "5432",
      username: "app",
      database: "orders",
      password: TOKEN,
      pgpass: `orders.abc.eu-west-1.rds.amazonaws.com:5432:*:app:${
        TOKEN.replace(":", "\\:")
      }\n`,
    },
  });
});

Deno.test("k8s-secret makes a list of several targets, and takes one out again", () => {
  const writer = k8sSecret();
  const { newText } = writer.render([
    fakeEntry({ name: "App@Host:5432/db" }),
    fakeMysqlEntry({ password: new Secret("t2") }),
  ], "");
  const list = JSON.parse(newText);
  assert.deepEqual(
    [list.kind, list.items[0].metadata.name, list.items[1].metadata.name],
    ["List", "rdsiam-app-host-5432-db", "rdsiam-shop"],
  );
  assert.equal("pgpass" in list.items[1].stringData, false);
  assert.deepEqual(writer.list?.(newText).map(({ name }) => name), [
    "App@Host:5432/db",
    "shop",
  ]);
  const left = writer.remove(["shop"], newText).newText;
  assert.equal(JSON.parse(left).kind, "Secret");
  assert.equal(writer.remove(undefined, left).newText, "");
});

Deno.test("k8s-secret refuses names that Kubernetes refuses, or that two targets share", () => {
  assertRefuses(() => k8sSecret({ name: "My_Db" }).render([fakeEntry()], ""), {
    message: 'Name "My_Db" is none that a Secret can have',
    hint: "Give small letters, digits and dashes with the option name",
  });
  assertRefuses(
    () => k8sSecret({ name: "db" }).render([fakeEntry(), fakeMysqlEntry()], ""),
    {
      message: 'Secret "db" cannot be both that of "orders" and of "shop"',
      hint: "Put {name} into the option name",
    },
  );
});

Deno.test("k8s-secret touches no other manifest", () => {
  for (
    const text of ["kind: Secret", '{"kind":"Secret","metadata":{"name":"x"}}']
  ) {
    assert.throws(
      () => k8sSecret().render([fakeEntry()], text),
      UnreadableText,
    );
  }
});
