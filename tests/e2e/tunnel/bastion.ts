/** A real sshd on loopback, run by whoever runs the tests, and an ssh that knows it. */

import { run } from "../../programs.ts";

const SSHD = "/usr/sbin/sshd";

/** A running sshd. */
export interface Bastion extends AsyncDisposable {
  port: number;
  /** The folder of its files. */
  folder: string;
  /** What makes `ssh` know it as `bastion`, in a variable `PATH`. */
  path: string;
  /** Processes of ssh that talk to it now. */
  clients(): Promise<string[]>;
  /** Those of them that others share. */
  masters(): Promise<string[]>;
  /** Ends every connection, and accepts no new ones. */
  stop(): Promise<void>;
  /** Ends every connection, and accepts new ones. */
  dropAll(): Promise<void>;
  /** What its log says. */
  log(): Promise<string>;
}

/** Whether a test has to be skipped for want of sshd. */
export function sshdIsMissing(): boolean {
  try {
    return !Deno.statSync(SSHD).isFile;
  } catch {
    return true;
  }
}

/** Starts sshd; `settings` are further lines of its configuration, `clientSettings` of the client's. */
export async function startBastion(
  { settings = [], clientSettings = [] }: {
    settings?: string[];
    clientSettings?: string[];
  } = {},
): Promise<Bastion> {
  const folder = await Deno.makeTempDir({ prefix: "bastion-" });
  const port = freePort();
  const write = (name: string, lines: string[], mode = 0o600) =>
    Deno.writeTextFile(`${folder}/${name}`, `${lines.join("\n")}\n`, { mode });
  for (const key of ["host_key", "user_key"]) {
    const args = ["-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${key}`];
    await run("ssh-keygen", args);
  }
  const user = (await run("id", ["-un"])).output.trim();
  const hostKey = await Deno.readTextFile(`${folder}/host_key.pub`);
  await Deno.copyFile(`${folder}/user_key.pub`, `${folder}/authorized_keys`);
  await write("known_hosts", [`[127.0.0.1]:${port} ${hostKey.trim()}`]);
  await write("sshd_config", [
    ...settings,
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${folder}/host_key`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/pid`,
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
  ]);
  await write("ssh_config", [
    ...clientSettings,
    "Host bastion",
    "  HostName 127.0.0.1",
    `  Port ${port}`,
    `  User ${user}`,
    "Host *",
    `  IdentityFile ${folder}/user_key`,
    "  IdentitiesOnly yes",
    `  UserKnownHostsFile ${folder}/known_hosts`,
  ]);
  await Deno.mkdir(`${folder}/bin`);
  const ssh = (await run("sh", ["-c", "command -v ssh"])).output.trim();
  await write(
    "bin/ssh",
    ["#!/bin/sh", `exec ${ssh} -F '${folder}/ssh_config' "$@"`],
    0o755,
  );
  // Its privilege separation wants this folder where it is root.
  if (Deno.uid() === 0) await Deno.mkdir("/run/sshd", { recursive: true });
  const sshd = new Deno.Command(SSHD, {
    args: ["-D", "-f", `${folder}/sshd_config`, "-E", `${folder}/log`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const log = () => Deno.readTextFile(`${folder}/log`).catch(() => "");
  await until(async () => /listening on/i.test(await log()));
  const bastion: Bastion = {
    port,
    folder,
    path: `${folder}/bin:${Deno.env.get("PATH")}`,
    log,
    async clients() {
      const { output } = await run("ps", ["-eo", "pid=,args="]);
      return output.split("\n").filter((line) =>
        line.includes(`${folder}/ssh_config`) && !line.includes("ps -eo")
      );
    },
    async masters() {
      return (await bastion.clients()).filter((line) =>
        / -N -M /.test(line) && !line.includes("rdsiam-supervisor")
      );
    },
    async dropAll() {
      for (const pid of await connectionsOf(sshd.pid)) kill(pid);
    },
    async stop() {
      const connections = await connectionsOf(sshd.pid);
      kill(sshd.pid);
      for (const pid of connections) kill(pid);
      await sshd.status;
    },
    async [Symbol.asyncDispose]() {
      await bastion.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
  return bastion;
}

/** The processes that sshd has started for its connections. */
async function connectionsOf(sshd: number): Promise<number[]> {
  const { output } = await run("ps", ["-eo", "pid=,ppid="]);
  const pairs = output.trim().split("\n").map((line) =>
    line.trim().split(/\s+/).map(Number)
  );
  const below = (parent: number): number[] =>
    pairs.flatMap(([pid = 0, ppid]) =>
      ppid === parent ? [pid, ...below(pid)] : []
    );
  return below(sshd);
}

function kill(pid: number) {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended with the others.
  }
}

/** A port of loopback that nobody listens on now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until a condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("It did not come about within 20 seconds");
}
