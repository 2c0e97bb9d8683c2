import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import { awsConfig } from "../aws_config.ts";
import { startEmulator } from "../emulator.ts";
import { environment, KEY, RDSIAM } from "../rdsiam.ts";

/** How long a token lives in this test, in seconds: as long as the emulator takes it, and the credentials last. */
const LIFETIME_SECONDS = 5;

/** Credentials that end soon, made anew at each call: what `credential_process` is for. */
const CREDENTIAL_PROCESS = `#!/bin/sh
end=$(( $(date +%s) + ${LIFETIME_SECONDS} ))
iso=$(date -u -d "@$end" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || date -u -r "$end" +%Y-%m-%dT%H:%M:%SZ)
printf '{"Version":1,"AccessKeyId":"${KEY.AWS_ACCESS_KEY_ID}","SecretAccessKey":"${KEY.AWS_SECRET_ACCESS_KEY}","Expiration":"%s"}' "$iso"
`;

// security: sessions-go-on
Deno.test("a psql started before the first expiry reconnects with \\c after three", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using emulator = await startEmulator(
    "--token-lifetime",
    `${LIFETIME_SECONDS}`,
  );
  await emulator.query("create role app login", "grant rds_iam to app");
  await using config = await awsConfig("");
  const script = `${config.folder}/credentials.sh`;
  await Deno.writeTextFile(script, CREDENTIAL_PROCESS, { mode: 0o700 });
  await Deno.writeTextFile(
    `${config.folder}/config`,
    `[profile brief]\ncredential_process = ${script}\n`,
  );

  const [program, ...args] = RDSIAM;
  const psql = new Deno.Command(program, {
    args: [
      ...[...args, "exec", ...emulator.options, "-U", "app", "-d", "postgres"],
      ...["--profile", "brief", "--", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1"],
    ],
    env: environment(config.env),
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(psql.stderr).text();
  const lines = psql.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const keys = psql.stdin.getWriter();
  async function ask(input: string) {
    await keys.write(new TextEncoder().encode(`${input}\n`));
    return (await lines.read()).value ?? await stderr;
  }

  const path = (await ask("\\! echo $PGPASSFILE")).trim();
  assert.match(path, /pgpass$/);
  const first = await Deno.readTextFile(path);
  for (let expiry = 1; expiry <= 3; expiry++) {
    // The server does the waiting, so that the session is in use through it.
    assert.equal(
      await ask(`select 'slept' from pg_sleep(${LIFETIME_SECONDS + 0.5});`),
      "slept\n",
    );
  }
  assert.notEqual(await Deno.readTextFile(path), first);
  assert.equal(await ask("\\c -\nselect session_user;"), "app\n");
  await keys.close();
  assert.equal((await psql.status).code, 0);
  await lines.cancel();
  await stderr;
  // Let in twice, and no time refused.
  await emulator.untilLogged(/let in.*let in/s);
  assert.equal(emulator.log().match(/"app" to "postgres": let in/g)?.length, 2);
  await emulator.untilLogged(/let in.*let in/s);
  assert.equal(emulator.log().match(/refused/g), null);
});
