import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { isMissing } from "../programs.ts";
import { startAccess } from "./access/access.ts";
import { rdsiam } from "./rdsiam.ts";

const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** A folder with files in it, and rdsiam working below it with a configuration of the user's own. */
async function project(files: Record<string, string>) {
  const root = await Deno.realPath(await Deno.makeTempDir());
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(dirname(join(root, name)), { recursive: true });
    await Deno.writeTextFile(join(root, name), text);
  }
  const below = join(root, "app", "src", "deep");
  await Deno.mkdir(below, { recursive: true });
  return {
    file: (name: string) => join(root, name),
    call: (args: string[], env: Record<string, string> = {}) =>
      rdsiam(args, {
        cwd: below,
        env: {
          XDG_CONFIG_HOME: join(root, "home", ".config"),
          PGSERVICEFILE: join(root, "home", "pg_service.conf"),
          ...env,
        },
      }),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

function table(name: string, username: string, more = ""): string {
  return `[targets.${name}]\nhost = "${HOST}"\nusername = "${username}"\n${more}\n`;
}

const OWN = "home/.config/rdsiam/config.toml";

Deno.test("a target is found by its name from a sub-folder, the project's before the user's own", async () => {
  await using work = await project({
    "app/rdsiam.toml": `default_target = "orders"\n${
      table("orders", "near", "port = 6000")
    }`,
    "rdsiam.toml": table("further", "further"),
    [OWN]: table("orders", "own") + table("audit", "own"),
  });
  const login = async (args: string[], env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await work.call(
      ["token", "--json", ...args],
      env,
    );
    if (code !== 0) return stderr;
    const { username, port } = JSON.parse(stdout);
    return `${username} ${port}`;
  };
  assert.equal(await login([]), "near 6000");
  assert.equal(await login(["orders"]), "near 6000");
  assert.equal(await login(["audit"]), "own 5432");
  assert.equal(await login([], { RDSIAM_TARGET: "audit" }), "own 5432");
  assert.equal(
    await login(["orders", "-U", "me"], { PGUSER: "nobody", PGPORT: "1" }),
    "me 6000",
  );
  assert.equal(
    await login([], { PGHOST: HOST, PGUSER: "libpq" }),
    "libpq 5432",
  );
  assert.equal(
    await login(["audit", "--config", work.file("rdsiam.toml")]),
    'error: Target "audit" is not known\n' +
      "hint: Pass a configured target, which rdsiam targets lists, or a postgres://user@host:port/db URL\n",
  );
  assert.equal(
    await login(["further"], { RDSIAM_CONFIG: work.file("rdsiam.toml") }),
    "further 5432",
  );
});

Deno.test("a mistake in the configuration is told with its line, and does not touch a database that is named outright", async () => {
  await using work = await project({
    "app/rdsiam.toml": `# mine\n${table("orders", "app", 'prot = "x"')}`,
  });
  const { code, stdout, stderr } = await work.call(["token", "orders"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(
    stderr,
    `error: Configuration file "${
      work.file("app/rdsiam.toml")
    }", line 5: key "prot" is not known\nhint: Did you mean "port"?\n`,
  );
  assert.equal((await work.call(["token", "-h", HOST, "-U", "app"])).code, 0);
});

// security: config-others-write
Deno.test("a configuration that everybody may write to is refused until it is named", async () => {
  await using work = await project({
    "app/rdsiam.toml": table("orders", "app"),
  });
  const file = work.file("app/rdsiam.toml");
  await Deno.chmod(file, 0o666);
  const { code, stderr } = await work.call(["token", "orders"]);
  assert.equal(code, 2);
  assert.equal(
    stderr,
    `error: Configuration file "${file}" is not trusted: everybody may write to it\n` +
      `hint: Let only yourself write to it, or name it with --config ${file}\n`,
  );
  const named = await work.call(["token", "orders", "--config", file]);
  assert.equal(named.code, 0);
});

Deno.test("targets add, show and remove work on the nearest file, and begin the user's own", async () => {
  await using work = await project({});
  const url = `postgres://app@${HOST}/shop`;
  assert.deepEqual(await work.call(["targets", "add", "orders", url]), {
    code: 0,
    stdout: "",
    stderr: `Added target "orders" to "${work.file(OWN)}"\n`,
  });
  const shown = await work.call(["targets", "show", "orders", "--json"]);
  assert.equal(JSON.parse(shown.stdout).database, "shop");
  const listed = await work.call(["targets", "--json"]);
  assert.deepEqual(JSON.parse(listed.stdout)[0].file, work.file(OWN));

  const text = `# mine\n\n${table("orders", "app")}\n# the end`;
  await Deno.writeTextFile(work.file("app/rdsiam.toml"), text);
  await work.call(["targets", "add", "audit", "-h", HOST]);
  assert.equal(
    await Deno.readTextFile(work.file("app/rdsiam.toml")),
    `${text}\n\n[targets.audit]\nhost = "${HOST}"\n`,
  );
  await work.call(["targets", "remove", "audit"]);
  await work.call(["targets", "remove", "orders"]);
  assert.equal(
    await Deno.readTextFile(work.file("app/rdsiam.toml")),
    "# mine\n\n\n# the end\n",
  );
  assert.equal((await work.call(["token", "orders"])).code, 0); // the user's own
});

Deno.test("a section of pg_service.conf is a target", async () => {
  await using work = await project({
    "home/pg_service.conf":
      `[orders]\nhost=${HOST}\nuser=app\ndbname=shop\npassword=s3cret\n`,
  });
  const json = [
    "targets",
    "show",
    "service:orders",
    "--json",
    "--quiet",
  ];
  const { stdout } = await work.call(json);
  const { username, origins } = JSON.parse(stdout);
  assert.equal(username, "app");
  assert.equal(
    origins.username,
    `username of service "orders" in "${work.file("home/pg_service.conf")}"`,
  );
  const { code, stderr } = await work.call(["token"], { PGSERVICE: "orders" });
  assert.equal(code, 0);
  assert.equal(
    stderr,
    `warning: The password of service "orders" in "${
      work.file("home/pg_service.conf")
    }" is not used: rdsiam logs in with a token\n`,
  );
});

Deno.test("setup-db and exec log in to a target by its name", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using emulator = await startAccess();
  await using work = await project({
    "app/rdsiam.toml": `
[targets.orders]
host = "${emulator.host}"
connect = "${emulator.listen}"
sslrootcert = "../ca.pem"
username = "app"
database = "postgres"

[targets.orders.admin]
username = "${emulator.master.username}"
`,
    "ca.pem": await Deno.readTextFile(emulator.ca),
  });
  const setup = await work.call(["setup-db", "orders"], {
    PGPASSWORD: emulator.master.password,
  });
  assert.equal(setup.code, 0, setup.stderr);
  assert.match(setup.stdout, /\+ grant role "rds_iam" to "app"\n/);
  const psql = ["psql", "-XAtc", "select session_user"];
  assert.deepEqual(await work.call(["exec", "orders", "--", ...psql]), {
    code: 0,
    stdout: "app\n",
    stderr: "",
  });
});
