import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import {
  findAdminPassword,
  type PasswordPorts,
} from "../../../services/access/admin_password.ts";
import { assertRefusesLater } from "../../rdsiam_error.ts";

const LOGIN = { host: "db", port: 5432, database: "app", username: "master" };

function ports(changes: Partial<PasswordPorts> = {}): PasswordPorts {
  return {
    variable: "PGPASSWORD",
    environment: {},
    readPassfile: () => Promise.resolve(undefined),
    ask: () => Promise.resolve(undefined),
    ...changes,
  };
}

const passfile = {
  readPassfile: () => Promise.resolve("*:*:*:master:from file"),
};

// security: admin-password
Deno.test("findAdminPassword() takes PGPASSWORD before the passfile, and that before a question", async () => {
  const ask = () => Promise.resolve(new Secret("typed"));
  const all = {
    environment: { PGPASSWORD: "from environment" },
    ...passfile,
    ask,
  };
  assert.equal(
    (await findAdminPassword(LOGIN, ports(all))).reveal(),
    "from environment",
  );
  assert.equal(
    (await findAdminPassword(
      LOGIN,
      ports({ ...all, environment: { PGPASSWORD: "" } }),
    )).reveal(),
    "from file",
  );
  assert.equal(
    (await findAdminPassword(LOGIN, ports({ ask }))).reveal(),
    "typed",
  );
  const asOther = { ...LOGIN, username: "other" };
  assert.equal(
    (await findAdminPassword(asOther, ports({ ...passfile, ask }))).reveal(),
    "typed",
  );
});

Deno.test("findAdminPassword() asks for the password of whom and where", async () => {
  const asked: string[] = [];
  await findAdminPassword(
    LOGIN,
    ports({
      ask(question) {
        asked.push(question);
        return Promise.resolve(new Secret(""));
      },
    }),
  );
  assert.deepEqual(asked, ['Password for "master" at db:']);
});

Deno.test("findAdminPassword() says where a password could come from when there is none", async () => {
  await assertRefusesLater(findAdminPassword(LOGIN, ports()), {
    message:
      'Password for "master" is missing, and there is no terminal to ask on',
    hint:
      "Set PGPASSWORD, add a line to the passfile, or log in with a token: --admin-iam",
  });
});
