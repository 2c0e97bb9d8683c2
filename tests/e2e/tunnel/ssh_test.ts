import assert from "node:assert/strict";
import { type Bastion, sshdIsMissing, startBastion, until } from "./bastion.ts";
import { startPrivateDatabase, WHO } from "./database.ts";
import { isMissing, skip } from "../../programs.ts";
import { environment, KEY, RDSIAM, rdsiam } from "../rdsiam.ts";

Deno.test("a private database is reached through ssh", async (t) => {
  if (sshdIsMissing()) return await skip(t, "sshd is not installed");
  if (await isMissing(t, "psql")) return;
  await using database = await startPrivateDatabase();
  const { emulator } = database;
  await using bastion = await startBastion();
  const env = { ...KEY, PATH: bastion.path };
  const options = database.through("ssh:bastion");

  await t.step(
    "by exec, with every token, certificate and name as ever",
    async () => {
      const result = await rdsiam(["exec", ...options, "--", ...WHO], { env });
      assert.deepEqual(result, { code: 0, stdout: "app\n", stderr: "" });
      await gone(bastion);
    },
  );

  await t.step("by exec, several connections at a time", async () => {
    const script = `${
      WHO.slice(0, 2).join(" ")
    } 'select 1' & psql -XAtc 'select 1' & psql -XAtc 'select 1'; wait`;
    const { stdout } = await rdsiam(
      ["exec", ...options, "--", "sh", "-c", script],
      { env },
    );
    assert.equal(stdout, "1\n1\n1\n");
  });

  await t.step("by setup-db", async () => {
    const { code, stdout, stderr } = await rdsiam([
      ...["setup-db", ...options, "--user", "jane"],
      ...["--admin-username", emulator.master.username],
    ], { env: { ...env, PGPASSWORD: emulator.master.password } });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /jane/);
  });

  await t.step("by a proxy within exec", async () => {
    const { stdout, stderr } = await rdsiam(
      ["exec", ...options, "--via", "proxy", "--", ...WHO],
      { env },
    );
    assert.deepEqual([stdout, stderr], ["app\n", ""]);
  });

  await t.step(
    "by doctor, which looks at the tunnel as a link of its own",
    async () => {
      const { stdout } = await rdsiam(["doctor", ...options], { env });
      assert.match(stdout, /✓ tunnel +ssh:bastion is up, tried in \d+ ms/);
      assert.match(stdout, /✓ tcp +connected through the tunnel/);
      assert.match(stdout, /✓ login +token accepted/);
    },
  );

  await t.step("and nothing is left when rdsiam is killed", async () => {
    const [program, ...args] = RDSIAM;
    const child = new Deno.Command(program, {
      args: [...args, "exec", ...options, "--", "sleep", "2"],
      env: environment(env),
      clearEnv: true,
      stdin: "null",
    }).spawn();
    await until(async () => (await bastion.clients()).length > 0);
    child.kill("SIGKILL");
    await child.status;
    await gone(bastion);
  });
});

async function gone(bastion: Bastion) {
  await until(async () => (await bastion.clients()).length === 0);
}

Deno.test("what is wrong with a bastion is told, with what to do", async (t) => {
  if (sshdIsMissing()) return await skip(t, "sshd is not installed");
  await using bastion = await startBastion();
  const where = [
    ...["-h", "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com"],
    ...["-U", "app"],
  ];
  async function fails(
    spec: string,
    further: string[] = [],
    path = bastion.path,
  ) {
    const { code, stderr } = await rdsiam(
      ["exec", ...where, "--tunnel", spec, ...further, "--", "true"],
      { env: { ...KEY, PATH: path } },
    );
    await gone(bastion);
    assert.equal(code, 4, stderr);
    return stderr;
  }
  await t.step("nothing listens there", async () => {
    assert.match(
      await fails("ssh:127.0.0.1:1"),
      /^error: Tunnel ssh:127.0.0.1:1 failed: the bastion, 127.0.0.1 port 1: connection refused\nhint: Check that the bastion runs/,
    );
  });
  await t.step("its host key is not known", async () => {
    await Deno.writeTextFile(`${bastion.folder}/known_hosts`, "");
    assert.match(
      await fails("ssh:bastion"),
      /^error: Tunnel ssh:bastion failed: the bastion's host key is not known\nhint: Run once, and compare the fingerprint: ssh bastion\n$/,
    );
  });
  await t.step("ssh is not installed", async () => {
    assert.match(
      await fails("ssh:bastion", [], "/nonexistent"),
      /^error: Tunnel ssh:bastion failed: ssh is not installed\nhint: Install/,
    );
  });
});
