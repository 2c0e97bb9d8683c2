/** Whom a password or a token is sent to, whatever the environment says. */
import assert from "node:assert/strict";
import { isMissing } from "../programs.ts";
import { temporaryFolder } from "../adapters/temporary_folder.ts";
import { type AccessEmulator, startAccess } from "./access/access.ts";
import { startProxy } from "./proxy/proxy.ts";
import { rdsiam } from "./rdsiam.ts";

/** Its certificate is of an authority that nobody here knows. */
let stranger: AccessEmulator;

Deno.test.beforeAll(async () => {
  stranger = await startAccess();
});

Deno.test.afterAll(async () => {
  await stranger[Symbol.asyncDispose]();
});

/** The options that lead there, without its authority. */
function there(): string[] {
  const { host, listen } = stranger;
  return ["-h", host, "--connect", listen, "-U", "app", "-d", "postgres"];
}

function grant(args: string[], env: Record<string, string> = {}) {
  const { username, password } = stranger.master;
  return rdsiam(
    ["setup-db", ...args, "--admin-username", username],
    { env: { PGPASSWORD: password, ...env } },
  );
}

const IGNORED =
  'warning: SSL mode "require" of PGSSLMODE is ignored, since it would weaken the verification: only --sslmode, a URL or the configuration may do that\n';

/** What turns verification off elsewhere, or adds authorities to those that are trusted, here the server's. */
const ENVIRONMENTS: [
  name: string,
  env: (ca: string) => Record<string, string>,
][] = [
  ["PGSSLMODE=require", () => ({ PGSSLMODE: "require" })],
  ["PGSSLMODE=prefer", () => ({ PGSSLMODE: "prefer" })],
  [
    "NODE_TLS_REJECT_UNAUTHORIZED=0",
    () => ({ NODE_TLS_REJECT_UNAUTHORIZED: "0" }),
  ],
  ["its authority in NODE_EXTRA_CA_CERTS", (ca) => ({
    NODE_EXTRA_CA_CERTS: ca,
  })],
  ["its authority in DENO_CERT", (ca) => ({ DENO_CERT: ca })],
  ["its authority in the system's", (ca) => ({
    DENO_TLS_CA_STORE: "system",
    SSL_CERT_FILE: ca,
  })],
];

for (const [name, env] of ENVIRONMENTS) {
  // security: server-verified environment-weakens-nothing
  Deno.test(`setup-db sends no password to a server of an unknown authority with ${name}`, async () => {
    const { code, stderr } = await grant(there(), env(stranger.ca));
    assert.equal(code, 4);
    assert.match(
      stderr,
      /(^|\n)error: .* its certificate comes from no trusted root\n/,
    );
    // It would have set the user up.
    assert.deepEqual(
      await stranger.ask("select count(*) from pg_roles where rolname = 'app'"),
      ["0"],
    );
  });

  // security: server-verified environment-weakens-nothing
  Deno.test(`proxy sends no token to a server of an unknown authority with ${name}`, async (t) => {
    if (await isMissing(t, "psql")) return;
    await using proxy = await startProxy(there(), env(stranger.ca));
    const { code, stderr } = await proxy.psql("select 1");
    assert.equal(code, 2);
    assert.match(stderr, /its certificate comes from no trusted root/);
  });
}

// security: exec-child-verifies
Deno.test("exec has psql verify the server with PGSSLMODE=require", async (t) => {
  if (await isMissing(t, "psql")) return;
  const { code, stderr } = await rdsiam(
    ["exec", ...there(), "--", "psql", "-c", "select 1"],
    { env: { PGSSLMODE: "require" } },
  );
  assert.equal(code, 2);
  assert.ok(stderr.startsWith(IGNORED), stderr);
  assert.match(stderr, /certificate verify failed/);
});

Deno.test("PGSSLMODE stops no command, whatever it says", async () => {
  for (const PGSSLMODE of ["disable", "prefer", "nonsense"]) {
    const { code, stderr } = await rdsiam(["token", ...there()], {
      env: { PGSSLMODE },
    });
    assert.deepEqual([code, stderr], [0, ""]);
  }
});

// security: password-wants-typed-sslmode weak-is-said
Deno.test("setup-db sends a password to an unverified server where --sslmode is typed, not where the configuration says so", async () => {
  await using folder = await temporaryFolder();
  const config = `${folder.path}/rdsiam.toml`;
  await Deno.writeTextFile(
    config,
    `[targets.orders]
host = "${stranger.host}"
connect = "${stranger.listen}"
username = "app"
database = "postgres"
sslmode = "require"
`,
  );
  const weakly = ["orders", "--config", config];
  const refused = await grant([...weakly, "--check"]);
  assert.equal(refused.code, 2);
  assert.match(
    refused.stderr,
    /^warning: Server .* is not verified .*\nerror: The administrator's password is not sent to a server that is not fully verified .*\nhint: /,
  );
  const typed = await grant([...weakly, "--sslmode", "require", "--check"]);
  assert.equal(typed.code, 1, typed.stderr); // it would change something
  assert.match(
    typed.stderr,
    /^warning: Server .* is not verified \(sslmode require of --sslmode\)/,
  );
  const verified = await grant([...weakly, "--sslmode", "verify-full"]);
  assert.equal(verified.code, 4, verified.stderr);
});
