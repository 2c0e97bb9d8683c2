import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import pgbouncer from "../../../plugins/pgbouncer.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { isMissing, run } from "../../programs.ts";
import { fakeEntry, TOKEN } from "../entries.ts";
import { startPasswordRecorder } from "./password_recorder.ts";

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

for (
  const [what, token] of [["a token", TOKEN], [
    "a long token",
    TOKEN.padEnd(2047, "%22x"),
  ]] as const
) {
  Deno.test(`pgbouncer logs PgBouncer in to the server with ${what}`, async (t) => {
    if (await isMissing(t, "pgbouncer")) return;
    if (await isMissing(t, "psql")) return;
    await using server = await startPasswordRecorder();
    await using folder = await temporaryFolder();
    const { path } = folder;
    const port = freePort();
    const entry = fakeEntry({ username: 'a"pp', password: new Secret(token) });
    const { newText } = pgbouncer().render([entry], '"admin" "x"\n');
    await Deno.writeTextFile(`${path}/userlist.txt`, newText);
    await Deno.writeTextFile(
      `${path}/pgbouncer.ini`,
      `[databases]
orders = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${path}/userlist.txt
`,
    );
    // PgBouncer refuses to run as root.
    const isRoot = Deno.uid() === 0;
    if (isRoot) await run("chown", ["-R", "nobody", path]);
    const bouncer = new Deno.Command("timeout", {
      args: ["30", "pgbouncer", `${path}/pgbouncer.ini`],
      stdout: "null",
      stderr: "null",
      ...(isRoot && { uid: 65534, gid: 65534 }),
    }).spawn();
    try {
      const login = run("timeout", [
        "20",
        "sh",
        "-c",
        `until psql "$1" -c "" 2>&1 | grep -vE 'refused|Is the server running'; do sleep 0.05; done`,
        "sh",
        `host=127.0.0.1 port=${port} user='a"pp' dbname=orders sslmode=disable connect_timeout=5`,
      ]);
      assert.equal(
        await Promise.race([
          server.password,
          login.then(({ output }) => output),
        ]),
        token,
      );
      bouncer.kill();
      await login;
    } finally {
      try {
        bouncer.kill();
      } catch {
        // It has ended.
      }
      await bouncer.status;
    }
  });
}
