import assert from "node:assert/strict";
import { isMissing } from "../../programs.ts";
import { startEmulator } from "../emulator.ts";
import { KEY, RDSIAM, rdsiam } from "../rdsiam.ts";
import { Terminal } from "../terminal.ts";

/** How long the emulator takes a token, in seconds: the signer believes in fifteen minutes. */
const LIFETIME_SECONDS = 2;

Deno.test("psql reconnects by itself through exec --via proxy, past the token's expiry", async (t) => {
  if (await isMissing(t, "psql", "tmux", "bash")) return;
  await using emulator = await startEmulator(
    "--token-lifetime",
    `${LIFETIME_SECONDS}`,
  );
  await emulator.query("create role app login", "grant rds_iam to app");
  const line = [
    ...[...RDSIAM, "exec", ...emulator.options, "-U", "app", "-d", "postgres"],
    ...["--via", "proxy", "--", "psql", "-XAt"],
  ].join(" ");
  await using terminal = await Terminal.open(KEY);
  await terminal.enter(line);
  await terminal.see(/postgres=> $/);
  await terminal.enter("select 'slept' from pg_sleep(3);");
  await terminal.see(/^slept$/m);
  await emulator.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'app'",
  );
  await terminal.enter("select 'lost';");
  await terminal.see(/Attempting reset: Succeeded/);
  await terminal.enter("select 'user ' || session_user;");
  await terminal.see(/^user app$/m);
  await terminal.enter("\\q");
  await terminal.see(/ready> $/);
  await emulator.untilLogged(/refused: ExpiredToken/);
});

// security: exec-proxy-password proxy-password-random
Deno.test("exec --via proxy tells its program alone where to log in, and passes its code on", async () => {
  await using emulator = await startEmulator();
  const { code, stdout, stderr } = await rdsiam([
    ...["exec", ...emulator.options, "-U", "app", "--via", "proxy", "--"],
    ...["sh", "-c", "env | grep ^PG | sort; exit 7"],
  ], { env: { PGSSLROOTCERT: "/nonexistent" } });
  assert.equal(code, 7);
  assert.equal(stderr, "");
  assert.match(
    stdout,
    /^PGDATABASE=app\nPGGSSENCMODE=disable\nPGHOST=127\.0\.0\.1\nPGPASSFILE=\/.*\/pgpass\nPGPASSWORD=[\w-]{32}\nPGPORT=\d+\nPGSSLMODE=disable\nPGUSER=app\n$/,
  );
});
