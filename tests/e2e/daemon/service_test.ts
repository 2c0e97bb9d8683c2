import assert from "node:assert/strict";
import { join } from "node:path";
import { writeProgram } from "../../adapters/release/program.ts";
import { modeOf, temporaryFolder } from "../../adapters/temporary_folder.ts";
import { skip } from "../../programs.ts";
import { RDSIAM, run } from "../rdsiam.ts";

/** A session of a user with a systemctl that does nothing but remember its orders. */
async function session(t: Deno.TestContext) {
  if (Deno.build.os !== "linux") {
    await skip(t, "services are systemd's on Linux alone");
    return undefined;
  }
  const { path, ...folder } = await temporaryFolder();
  const orders = join(path, "orders");
  const bin = join(path, "bin");
  await Deno.mkdir(bin);
  /** Replaces systemctl by one that ends with this script. */
  async function systemctl(script: string) {
    await Deno.writeTextFile(orders, "");
    await writeProgram(
      join(bin, "systemctl"),
      `echo "$*" >>'${orders}'; ${script}`,
    );
  }
  await systemctl("true");
  const file = join(path, "systemd", "user", "rdsiam.service");
  return {
    file,
    systemctl,
    readOrders: async () => (await Deno.readTextFile(orders)).split("\n"),
    readFile: () => Deno.readTextFile(file),
    async call(args: string[], env: Record<string, string> = {}) {
      const { code, stdout, stderr } = await run(
        [...RDSIAM, "service", ...args],
        {
          env: {
            XDG_CONFIG_HOME: path,
            PATH: `${bin}:${Deno.env.get("PATH")}`,
            ...env,
          },
        },
      );
      return { code, stdout, stderr };
    },
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}

Deno.test("service install writes a unit that only its user reads, and starts it", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  const result = await here.call(["install"], { AWS_PROFILE: "prod" });
  assert.deepEqual(result, {
    code: 0,
    stdout: `wrote ${here.file}\nstarted rdsiam: rdsiam sync --watch\n`,
    stderr:
      "It runs while you are logged in; for longer: loginctl enable-linger\n",
  });
  assert.equal(await modeOf(here.file), "0600");
  assert.deepEqual(await here.readOrders(), [
    "--user daemon-reload",
    "--user enable rdsiam.service",
    "--user restart rdsiam.service",
    "",
  ]);
  const unit = await here.readFile();
  assert.match(unit, /\nExecStart=\/\S.* sync --watch\n/);
  assert.ok(unit.includes(`\nWorkingDirectory=${Deno.cwd()}\n`));
  assert.match(unit, /\nEnvironment=AWS_PROFILE=prod\n/);
});

Deno.test("service install runs what stands after the dashes, and can be called again", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  await here.call(["install", "--quiet"]);
  const { code, stderr } = await here.call([
    ...["install", "--quiet", "--", "pgpass", "sync", "--watch"],
    "a b",
  ]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(await here.readFile(), / pgpass sync --watch "a b"\n/);
});

Deno.test("service install --dry-run prints the unit and does nothing", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  const plain = await here.call(["install", "--dry-run"]);
  assert.match(
    plain.stdout,
    /^# Written by rdsiam service install\n\[Unit\]\n/,
  );
  const json = await here.call(["install", "--dry-run", "--json"]);
  const document = JSON.parse(json.stdout);
  assert.equal(document.text, plain.stdout);
  assert.equal(document.file, here.file);
  await assert.rejects(here.readFile(), Deno.errors.NotFound);
  assert.deepEqual(await here.readOrders(), [""]);
});

Deno.test("service install writes no secret, and says what is left out", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  const secret = "hunter2-hunter2";
  const { code, stderr } = await here.call(["install", "--quiet"], {
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_SESSION_TOKEN: secret,
    PGPASSWORD: secret,
    HTTPS_PROXY: `http://app:${secret}@proxy`,
  });
  assert.deepEqual([code, stderr], [0, ""]);
  assert.doesNotMatch(await here.readFile(), /hunter2|AKIA/);
  const loud = await here.call(["install"], { AWS_ACCESS_KEY_ID: "AKIA" });
  assert.match(
    loud.stderr,
    /^warning: AWS_ACCESS_KEY_ID is left out, since it is secret: /,
  );
});

Deno.test("service install and uninstall leave a file alone that rdsiam did not write", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  await here.call(["install", "--quiet"]);
  await Deno.writeTextFile(here.file, "[Service]\nExecStart=/bin/mine\n");
  await here.systemctl("true");
  for (const command of ["install", "uninstall", "status"]) {
    const { code, stdout, stderr } = await here.call([command]);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `error: File "${here.file}" is left alone: rdsiam did not write it\nhint: Choose another name with --name, or remove it\n`,
    );
  }
  assert.equal(await here.readFile(), "[Service]\nExecStart=/bin/mine\n");
  assert.deepEqual(await here.readOrders(), [""]);
});

Deno.test("service install without a session writes the unit, and says how to start it", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  const why = "Failed to connect to bus: No medium found";
  await here.systemctl(`echo '${why}' >&2; exit 1`);
  const { code, stdout, stderr } = await here.call(["install"]);
  assert.deepEqual([code, stdout], [0, `wrote ${here.file}\n`]);
  assert.equal(
    stderr,
    "warning: The service is not started, since systemctl finds no session of this user. To start it: systemctl --user daemon-reload && systemctl --user enable rdsiam.service && systemctl --user restart rdsiam.service\n",
  );
  const status = await here.call(["status"]);
  assert.deepEqual(status, {
    code: 1,
    stdout:
      `rdsiam is installed; whether it runs is not known: systemctl finds no session of this user\nsystemd: ${here.file}\n`,
    stderr: "",
  });
  const gone = await here.call(["uninstall"]);
  assert.equal(gone.stdout, `removed ${here.file}\n`);
  assert.match(gone.stderr, /^warning: The service may still run/);
});

Deno.test("service install tells what systemctl complains of", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  await here.systemctl(
    'case "$*" in *enable*) echo "Unit is masked" >&2; exit 1;; esac',
  );
  const { code, stderr } = await here.call(["install"]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    'error: "systemctl --user enable rdsiam.service" ended with exit code 1: Unit is masked\nhint: Run it yourself to see more\n',
  );
});

Deno.test("service status tells whether it runs", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  assert.deepEqual(await here.call(["status"]), {
    code: 1,
    stdout: `rdsiam is not installed: there is no ${here.file}\n`,
    stderr: "",
  });
  await here.call(["install", "--quiet"]);
  const states = [
    [
      "enabled",
      "active",
      "running",
      0,
      "rdsiam is running: active (running), starts at login",
    ],
    [
      "disabled",
      "failed",
      "failed",
      1,
      "rdsiam is not running: failed (failed), does not start at login",
    ],
  ] as const;
  for (const [enabled, active, sub, code, line] of states) {
    await here.systemctl(
      `printf 'UnitFileState=${enabled}\\nActiveState=${active}\\nSubState=${sub}\\n'`,
    );
    const result = await here.call(["status"]);
    assert.deepEqual(result, {
      code,
      stdout: `${line}\nsystemd: ${here.file}\n`,
      stderr: "",
    });
    const json = await here.call(["status", "--json"]);
    assert.deepEqual(JSON.parse(json.stdout), {
      name: "rdsiam",
      manager: "systemd",
      file: here.file,
      isInstalled: true,
      isEnabled: enabled === "enabled",
      isRunning: code === 0,
      detail: `${active} (${sub})`,
    });
  }
});

Deno.test("service uninstall stops the service and removes its unit", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  await here.call(["install", "--quiet", "--name", "orders"]);
  await here.systemctl("true");
  const file = here.file.replace("rdsiam.service", "orders.service");
  const result = await here.call(["uninstall", "--name", "orders"]);
  assert.deepEqual(result, {
    code: 0,
    stdout: `removed ${file}\n`,
    stderr: "",
  });
  assert.deepEqual(await here.readOrders(), [
    "--user disable --now orders.service",
    "--user daemon-reload",
    "",
  ]);
  await assert.rejects(Deno.stat(file), Deno.errors.NotFound);
  const again = await here.call(["uninstall", "--name", "orders"]);
  assert.equal(again.code, 2);
  assert.match(
    again.stderr,
    /^error: Service "orders" is not installed\nhint: /,
  );
});

Deno.test("service refuses names and commands that cannot be meant", async (t) => {
  await using here = await session(t);
  if (here === undefined) return;
  const name = await here.call(["install", "--name", "../x"]);
  assert.equal(name.code, 2);
  assert.equal(
    name.stderr,
    "error: The --name of the service is not valid\nhint: Use letters, digits, - and _, at most 64\n",
  );
  for (const args of [["rdsiam", "sync"], ["--watch"], [""]]) {
    const { code, stderr } = await here.call(["install", "--", ...args]);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      "error: The command of the service must begin with a command of rdsiam\nhint: Write: rdsiam service install -- pgpass sync --watch orders\n",
    );
  }
  const once = await here.call(["install", "--", "pgpass", "sync"]);
  assert.match(
    once.stderr,
    /^warning: The service ends after one sync, since --watch is missing\n/,
  );
});
