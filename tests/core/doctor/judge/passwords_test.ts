import assert from "node:assert/strict";
import { judgePasswords } from "../../../../core/doctor/judge/passwords.ts";
import { Secret } from "../../../../core/secret.ts";
import { signToken } from "../../../../core/token/sign.ts";
import { fakeTarget, START } from "../../../fakes.ts";

const KEY = { id: "AKIAIOSFODNN7EXAMPLE", secret: new Secret("secret") };
const TARGET = fakeTarget();

async function token(changes = {}, at = START): Promise<string> {
  const { secret } = await signToken({ ...TARGET, ...changes }, KEY, at);
  return secret.reveal();
}

const MISSING = { kind: "missing" } as const;
const OPTIONS = {
  now: START,
  words: { name: "orders", fields: {}, config: undefined },
};

Deno.test("judgePasswords() looks at PGPASSWORD before the passfile, as libpq does", async () => {
  const text = `*:*:*:*:${
    (await token({ username: "other" })).replaceAll(":", "\\:")
  }`;
  const stored = { path: "/p", content: { kind: "text", text } as const };
  assert.deepEqual(
    judgePasswords({ ...stored, variable: await token() }, TARGET, OPTIONS),
    { status: "ok", detail: "PGPASSWORD is good for 15 min" },
  );
  assert.deepEqual(
    judgePasswords({ ...stored, variable: undefined }, TARGET, OPTIONS),
    {
      status: "failed",
      kind: "refused",
      detail:
        'the passfile\'s entry is a token for user "other", not "app": clients that use it are refused',
      remedy: "rdsiam pgpass sync orders",
    },
  );
});

Deno.test("judgePasswords() says what libpq ignores, and how to mend it", () => {
  const content = { kind: "ignored", why: "others have access" } as const;
  assert.deepEqual(
    judgePasswords(
      { variable: "", path: "/my home/.pgpass", content },
      TARGET,
      OPTIONS,
    ),
    {
      status: "warning",
      detail: 'libpq ignores "/my home/.pgpass": others have access',
      remedy: "chmod 600 '/my home/.pgpass'",
    },
  );
});

Deno.test("judgePasswords() warns of a password that is no token, without repeating it", () => {
  const finding = judgePasswords(
    { variable: "hunter2", path: "", content: MISSING },
    TARGET,
    OPTIONS,
  );
  assert.deepEqual(finding, {
    status: "warning",
    detail: "PGPASSWORD is no token, but a password",
    remedy: "unset PGPASSWORD",
  });
});
