import assert from "node:assert/strict";
import { isMissing, skip } from "../../programs.ts";
import { KEY, rdsiam } from "../rdsiam.ts";
import { type Bastion, sshdIsMissing, startBastion, until } from "./bastion.ts";
import { startPrivateDatabase, WHO } from "./database.ts";

Deno.test("a bastion that does not do its part is told of, with what to do", async (t) => {
  if (sshdIsMissing()) return await skip(t, "sshd is not installed");
  if (await isMissing(t, "psql")) return;
  await using database = await startPrivateDatabase();

  async function fails(bastion: Bastion): Promise<string> {
    const { code, stderr } = await database.exec("ssh:bastion", WHO, {
      PATH: bastion.path,
    });
    assert.equal(code, 4, stderr);
    await until(async () => (await bastion.clients()).length === 0);
    return stderr;
  }

  await t.step("it wants a password", async () => {
    await using bastion = await startBastion();
    await Deno.writeTextFile(`${bastion.folder}/authorized_keys`, "");
    assert.match(
      await fails(bastion),
      /^error: Tunnel ssh:bastion failed: the bastion refuses the login \(it takes publickey.*\)\nhint: .*ssh-add/,
    );
  });

  await t.step("it says nothing", async () => {
    await using bastion = await startBastion({
      clientSettings: ["ConnectTimeout 1"],
    });
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const config = `${bastion.folder}/ssh_config`;
    const text = await Deno.readTextFile(config);
    const { port } = silent.addr;
    await Deno.writeTextFile(config, text.replace(/Port \d+/, `Port ${port}`));
    assert.match(
      await fails(bastion),
      /^error: Tunnel ssh:bastion failed: the bastion hung up: connection timed out during banner exchange\nhint: Check that the bastion runs/,
    );
  });

  /** What exec says where psql fails behind a tunnel that stands. */
  async function warns(
    bastion: Bastion,
    command = WHO,
    further: string[] = [],
  ) {
    const { code, stderr } = await rdsiam(
      [
        "exec",
        ...database.through("ssh:bastion"),
        ...further,
        "--",
        ...command,
      ],
      { env: { ...KEY, PATH: bastion.path } },
    );
    assert.equal(code, 2, stderr); // psql's own
    return stderr;
  }

  await t.step("it forbids forwarding", async () => {
    await using bastion = await startBastion({
      settings: ["AllowTcpForwarding no"],
    });
    assert.match(
      await warns(bastion),
      /warning: Tunnel ssh:bastion failed: the bastion does not allow forwarding/,
    );
  });

  await t.step(
    "nobody listens behind it, which doctor tells apart",
    async () => {
      await using bastion = await startBastion();
      const closed = ["--connect", "127.0.0.1:1"];
      assert.match(
        await warns(bastion, WHO, closed),
        /warning: Tunnel ssh:bastion is up, the database is not reached from there: connection refused/,
      );
      const { code, stdout } = await rdsiam(
        ["doctor", ...database.through("ssh:bastion"), ...closed],
        { env: { ...KEY, PATH: bastion.path } },
      );
      assert.equal(code, 4);
      assert.match(stdout, /✓ tunnel +ssh:bastion is up/);
      assert.match(
        stdout,
        /✗ tcp +127\.0\.0\.1:1, from the tunnel's far end: connection refused\n +→ Let the far end's address in/,
      );
    },
  );

  await t.step("it dies in the middle", async () => {
    await using bastion = await startBastion();
    const running = warns(bastion, ["psql", "-XAtc", "select pg_sleep(60)"]);
    await database.emulator.untilActive("app", "pg_sleep");
    await bastion.dropAll();
    assert.match(await running, /warning: Tunnel ssh:bastion failed: /);
  });

  await t.step(
    "it stands, and a cancel request takes the same way",
    async () => {
      await using bastion = await startBastion();
      const script = `psql -XAtc 'select pg_sleep(61)' & child=$!
      until [ "$(psql -XAtc "select count(*) from pg_stat_activity where query like 'select pg_sleep(61)%'")" = 1 ]; do :; done
      kill -INT $child; wait $child`;
      const { stderr } = await database.exec("ssh:bastion", [
        "sh",
        "-c",
        script,
      ], {
        PATH: bastion.path,
      });
      assert.match(stderr, /canceling statement due to user request/);
    },
  );

  await t.step(
    "the user keeps a shared connection to it, which is used and stays",
    async () => {
      await using bastion = await startBastion({
        clientSettings: ["ControlPath /tmp/rdsiam-test-%C"],
      });
      const ssh = `${bastion.folder}/bin/ssh`;
      const own = new Deno.Command(ssh, {
        args: ["-N", "-M", "bastion"],
        stdin: "null",
      }).spawn();
      try {
        const check = () =>
          new Deno.Command(ssh, {
            args: ["-O", "check", "bastion"],
            ...{ stdin: "null", stdout: "null", stderr: "null" },
          }).output();
        await until(async () => (await check()).success);
        // No key would let another connection in.
        await Deno.writeTextFile(`${bastion.folder}/authorized_keys`, "");
        const { stdout } = await database.exec("ssh:bastion", WHO, {
          PATH: bastion.path,
        });
        assert.equal(stdout, "app\n");
        assert.equal((await check()).success, true);
      } finally {
        // A signal that comes just before ssh waits for the network is heard with the next event alone.
        await new Deno.Command(ssh, {
          args: ["-O", "exit", "bastion"],
          ...{ stdin: "null", stdout: "null", stderr: "null" },
        }).output();
        await own.status;
      }
    },
  );
});
