import assert from "node:assert/strict";
import { isMissing, skip } from "../../programs.ts";
import { has, startPrivateDatabase, WHO } from "./database.ts";

Deno.test("a private database is reached through a command", async (t) => {
  if (await isMissing(t, "psql")) return;
  await using database = await startPrivateDatabase();

  for (const spec of ["socat - TCP:%h:%p", "nc %h %p"]) {
    await t.step(spec, async (t) => {
      const [program = ""] = spec.split(" ");
      if (!await has(program)) return await skip(t, `${program} is missing`);
      const result = await database.exec(spec, WHO);
      assert.deepEqual(result, { code: 0, stdout: "app\n", stderr: "" });
      // Several at a time, and a large result.
      const script = `psql -XAtc "select repeat('x', 5000000)" | wc -c & ` +
        "psql -XAtc 'select 1'; wait";
      const { stdout } = await database.exec(spec, ["sh", "-c", script]);
      assert.equal(stdout.split("\n").sort().join(" ").trim(), "1 5000001");
    });
  }

  async function warns(spec: string): Promise<string> {
    const { code, stderr } = await database.exec(spec, WHO);
    assert.equal(code, 2, stderr); // psql's own
    return stderr.split("\n").find((line) => line.startsWith("warning:")) ?? "";
  }

  await t.step("that prints a banner first", async () => {
    assert.equal(
      await warns("echo Welcome to %h; exec sleep 1"),
      'warning: Tunnel command echo failed: what comes out of it is not the database\'s: "Welcome to 127.0.0.1"',
    );
  });

  await t.step("that ends at once", async () => {
    assert.equal(
      await warns("sh -c 'echo no route to %h >&2; exit 3'"),
      "warning: Tunnel command sh failed: it ended with code 3: no route to 127.0.0.1",
    );
  });

  await t.step("that is not installed", async () => {
    assert.match(
      await warns("no-such-program %h %p"),
      /^warning: Tunnel command no-such-program failed: .*not found$/,
    );
  });
});
