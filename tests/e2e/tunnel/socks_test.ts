import assert from "node:assert/strict";
import { isMissing, skip } from "../../programs.ts";
import { freePort, sshdIsMissing, startBastion, until } from "./bastion.ts";
import { startPrivateDatabase, WHO } from "./database.ts";
import { startSocksServer } from "./socks_server.ts";

Deno.test("a private database is reached through SOCKS5", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using database = await startPrivateDatabase();

  await t.step("which is sent the name, to look it up itself", async () => {
    await using server = startSocksServer();
    const spec = `socks5://127.0.0.1:${server.port}`;
    const [connect = ""] = database.emulator.listen.split(":");
    const result = await database.exec(spec, WHO);
    assert.deepEqual(result, { code: 0, stdout: "app\n", stderr: "" });
    assert.deepEqual(server.asked, [connect]);
  });

  await t.step("with user and password", async () => {
    const login = { user: "me", password: "hunter2" };
    await using server = startSocksServer({ login });
    const spec = `socks5://me@127.0.0.1:${server.port}`;
    const password = { RDSIAM_SOCKS_PASSWORD: "hunter2" };
    assert.equal((await database.exec(spec, WHO, password)).stdout, "app\n");
    const wrong = await database.exec(spec, WHO);
    assert.equal(wrong.code, 4);
    assert.equal(
      wrong.stderr,
      `error: Tunnel ${spec} failed: the server refuses the user name or the password\n` +
        "hint: Check the user in socks5://USER@HOST:PORT, and RDSIAM_SOCKS_PASSWORD\n",
    );
    const none = await database.exec(
      `socks5://127.0.0.1:${server.port}`,
      WHO,
    );
    assert.match(none.stderr, /the server wants a login\nhint: Name the user/);
  });

  await t.step("which says why it does not connect", async () => {
    await using server = startSocksServer({ refusal: 5 });
    const spec = `socks5://127.0.0.1:${server.port}`;
    const { code, stderr } = await database.exec(spec, WHO);
    assert.equal(code, 4);
    assert.equal(
      stderr,
      `error: Tunnel ${spec} is up, the database is not reached from there: nothing listens there\n` +
        "hint: Let the far end's address in: the database's security group, its port\n",
    );
  });

  await t.step("where nothing listens, or something else", async () => {
    const spec = `socks5://127.0.0.1:${freePort()}`;
    const { stderr } = await database.exec(spec, WHO);
    assert.equal(
      stderr,
      `error: Tunnel ${spec} failed: nothing listens there\n` +
        "hint: Start the SOCKS5 server, such as: ssh -D PORT BASTION\n",
    );
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    other.accept().then(async (conn) => {
      await conn.write(new TextEncoder().encode("HTTP/1.1 400\r\n\r\n"));
      conn.close();
    });
    const answer = await database.exec(
      `socks5://127.0.0.1:${other.addr.port}`,
      WHO,
    );
    assert.match(answer.stderr, /what listens there is no SOCKS5 server/);
  });

  await t.step("of ssh -D", async (t) => {
    if (sshdIsMissing()) return await skip(t, "sshd is not installed");
    await using bastion = await startBastion();
    const port = freePort();
    const ssh = new Deno.Command(`${bastion.folder}/bin/ssh`, {
      args: ["-N", "-D", `127.0.0.1:${port}`, "bastion"],
      stdin: "null",
    }).spawn();
    try {
      await until(async () => {
        try {
          (await Deno.connect({ port, hostname: "127.0.0.1" })).close();
          return true;
        } catch {
          return false;
        }
      });
      const spec = `socks5h://127.0.0.1:${port}`;
      assert.equal((await database.exec(spec, WHO)).stdout, "app\n");
    } finally {
      ssh.kill();
      await ssh.status;
    }
  });
});
