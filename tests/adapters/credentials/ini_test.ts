import assert from "node:assert/strict";
import { join } from "node:path";
import { parseIni, words } from "../../../adapters/credentials/ini.ts";
import { loadSharedConfig } from "../../../adapters/credentials/shared_config.ts";
import { lookUp, setUpAws } from "./aws_fixture.ts";

const KEY = "aws_access_key_id = AKIA\naws_secret_access_key = hunter2\n";

for (
  const [name, config, profile] of [
    ["quotes", `[profile "my team"]\n${KEY}`, "my team"],
    ["letters of any language", `[profile wörk]\n${KEY}`, "wörk"],
    ["brackets", `[profile a(b)]\n${KEY}`, "a(b)"],
    ["a colon", `[profile dev]\n${KEY.replaceAll(" =", ":")}`, "dev"],
    ["no blanks", `[profile dev]\n${KEY.replaceAll(" = ", "=")}`, "dev"],
    ["capitals", `[profile dev]\n${KEY.replaceAll("aws", "AWS")}`, "dev"],
    ["CR alone", `[profile dev]\n${KEY}`.replaceAll("\n", "\r"), "dev"],
    ["CR and LF", `[profile dev]\n${KEY}`.replaceAll("\n", "\r\n"), "dev"],
    ["a byte order mark", `\ufeff[profile dev]\n${KEY}`, "dev"],
    ["comments", `# a\n[profile dev]\n; b\n\n${KEY}  # c\n`, "dev"],
  ] as const
) {
  Deno.test(`resolveAccessKey() reads a config file with ${name}, as the AWS CLI does`, async () => {
    await using _aws = await setUpAws(config);
    const { id, secret } = await lookUp({ profile });
    assert.deepEqual([id, secret.reveal()], ["AKIA", "hunter2"]);
  });
}

Deno.test("resolveAccessKey() reads a section of the credentials file whatever its name", async () => {
  await using aws = await setUpAws("");
  await Deno.writeTextFile(
    join(aws.folder, "credentials"),
    `[my team]\n${KEY}`,
  );
  assert.equal((await lookUp({ profile: "my team" })).id, "AKIA");
});

Deno.test("loadSharedConfig() reads services and SSO sessions, and takes no other section for a profile", async () => {
  await using aws = await setUpAws(
    "[services local]\nrds =\n  endpoint_url = http://x:1\n[sso-session a b]\nx = y\n" +
      '[sso-session "a b"]\nsso_region = eu-west-1\n[plugins]\nx = y\n[other]\nx = y\n[profile  two]\nregion=us-east-1',
  );
  const { profiles, services, ssoSessions } = await loadSharedConfig(
    aws.environment,
  );
  assert.deepEqual(profiles, { two: { region: "us-east-1" } });
  assert.equal(services.local?.["rds.endpoint_url"], "http://x:1");
  assert.deepEqual(ssoSessions, { "a b": { sso_region: "eu-west-1" } });
});

Deno.test("parseIni() joins the lines that a value goes on in, and reads # within one", () => {
  assert.deepEqual(
    parseIni("[a]\nx = one # two\n  three\ny = 4\nno setting\n"),
    new Map([["a", { x: "one # two\nthree", y: "4" }]]),
  );
});

Deno.test("words() splits as a POSIX shell does", () => {
  assert.deepEqual(
    words(`/opt/my\\ program --x='a "b"' "c \\"d\\" $e" "" f`),
    ["/opt/my program", '--x=a "b"', 'c "d" $e', "", "f"],
  );
});
