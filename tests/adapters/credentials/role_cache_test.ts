import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import {
  keepRole,
  readRole,
  roleCachePath,
} from "../../../adapters/credentials/role_cache.ts";
import { Secret } from "../../../core/secret.ts";
import { run, skip } from "../../programs.ts";
import {
  EXPIRATION,
  lookUp,
  setUpAws,
  startAwsServer,
  stsAnswer,
} from "./aws_fixture.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

const PYTHON = "/usr/bin/python3";
const PROGRAM = fileURLToPath(
  new URL("../../testdata/aws_role_cache.py", import.meta.url),
);
const SERIAL = "arn:aws:iam::123456789012:mfa/jané";
const BASE =
  "[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base-secret\n";
const ROLE =
  `[profile app]\nrole_arn = arn:aws:iam::123456789012:role/app\nsource_profile = base\nmfa_serial = ${SERIAL}\n`;
const WHOLE_ROLE =
  `${ROLE}external_id = a "b"\nduration_seconds = 7200\nrole_session_name = jane\n`;
const IDENTITY = { profile: "app", region: "eu-west-1" };
const MINUTE = 60_000;

async function hasBotocore(t: Deno.TestContext): Promise<boolean> {
  const { code } = await run(PYTHON, ["-c", "import botocore"])
    .catch(() => ({ code: 1 }));
  if (code === 0) return true;
  await skip(t, "python3-botocore is not installed");
  return false;
}

for (const [name, role] of [["plain", ROLE], ["whole", WHOLE_ROLE]] as const) {
  Deno.test(`resolveAccessKey() asks for an MFA code once, and botocore goes on with that session: a ${name} profile`, async (t) => {
    await using sts = startAwsServer((request) => stsAnswer(request));
    await using aws = await setUpAws(BASE + role, {
      AWS_ENDPOINT_URL_STS: sts.url,
    });
    const asked: string[] = [];
    const askMfaCode = (serial: string) => {
      asked.push(serial);
      return Promise.resolve(new Secret("123456"));
    };
    for (const _ of [1, 2]) {
      const { id } = await lookUp(IDENTITY, { askMfaCode });
      assert.equal(id, "ASIAROLE");
    }
    assert.deepEqual(asked, [SERIAL]);
    const [{ form } = assert.fail(), ...further] = sts.requests;
    assert.deepEqual(further, []);
    assert.equal(form.get("SerialNumber"), SERIAL);
    assert.equal(form.get("TokenCode"), "123456");
    if (name === "whole") {
      assert.equal(form.get("ExternalId"), 'a "b"');
      assert.equal(form.get("DurationSeconds"), "7200");
      assert.equal(form.get("RoleSessionName"), "jane");
    }
    if (!await hasBotocore(t)) return;
    assert.deepEqual(
      await run(PYTHON, [PROGRAM, "read", "app"], aws.environment),
      { code: 0, output: "ASIAROLE hunter2 session-secret\n" },
    );
  });

  Deno.test(`resolveAccessKey() goes on with the session that botocore has, and asks for no code: a ${name} profile`, async (t) => {
    if (!await hasBotocore(t)) return;
    await using aws = await setUpAws(BASE + role);
    assert.deepEqual(
      await run(PYTHON, [PROGRAM, "write", "app"], aws.environment),
      { code: 0, output: "ASIAFROMTHECLI hunter2 session-secret\n" },
    );
    const { id, expiresAt } = await lookUp(IDENTITY);
    assert.deepEqual([id, expiresAt], [
      "ASIAFROMTHECLI",
      Date.parse(EXPIRATION),
    ]);
  });
}

Deno.test("resolveAccessKey() asks for the code of a role in the middle of a chain, and not for its own", async () => {
  let count = 0;
  await using sts = startAwsServer((request) =>
    stsAnswer(request, `ASIA${++count}`)
  );
  await using _aws = await setUpAws(
    `${BASE}${ROLE}[profile end]\nrole_arn = arn:aws:iam::123456789012:role/end\nsource_profile = app\n`,
    { AWS_ENDPOINT_URL_STS: sts.url },
  );
  const askMfaCode = () => Promise.resolve(new Secret("123456"));
  const identity = { profile: "end", region: "eu-west-1" };
  assert.equal((await lookUp(identity, { askMfaCode })).id, "ASIA2");
  assert.deepEqual(
    sts.requests.map(({ form }) => form.get("TokenCode")),
    ["123456", null],
  );
  assert.equal((await lookUp(identity)).id, "ASIA3");
});

// security: role-cache
Deno.test("keepRole() writes what this user alone can read, and readRole() takes nothing that ends soon or is no session", async () => {
  await using home = await temporaryFolder();
  const path = roleCachePath(
    { role_arn: "arn:aws:iam::123456789012:role/app" },
    { HOME: home.path },
  ) ?? assert.fail();
  const end = Date.parse(EXPIRATION);
  const key = {
    id: "ASIA",
    secret: new Secret("hunter2"),
    sessionToken: new Secret("session-secret"),
    expiresAt: end,
  };
  await keepRole(path, key);
  assert.equal(await modeOf(path), "0600");
  assert.equal(await modeOf(dirname(path)), "0700");
  const found = await readRole(path, end - 5 * MINUTE);
  assert.deepEqual(
    [found?.id, found?.secret.reveal(), found?.sessionToken?.reveal()],
    ["ASIA", "hunter2", "session-secret"],
  );
  assert.equal(found?.expiresAt, end);
  assert.equal(await readRole(path, end - 5 * MINUTE + 1), undefined);
  for (
    const text of ["", "x", "{}", '{"Credentials":{"AccessKeyId":"ASIA"}}']
  ) {
    await Deno.writeTextFile(path, text);
    assert.equal(await readRole(path, 0), undefined);
  }
});

Deno.test("roleCachePath() is none without a home or a role", () => {
  assert.equal(roleCachePath({ role_arn: "x" }, {}), undefined);
  assert.equal(roleCachePath({}, { HOME: "/home/jane" }), undefined);
});
