import { environment, KEY, RDSIAM } from "../rdsiam.ts";

/** A running `rdsiam proxy` of one target. */
export interface ProxyProcess extends AsyncDisposable {
  port: number;
  /** What its clients log in with. */
  password: string;
  /** What it has said on standard error. */
  log(): string;
}

/** Starts `rdsiam proxy` with these options, and waits until it listens. */
export async function startProxyProcess(
  options: readonly string[],
  env: Record<string, string>,
): Promise<ProxyProcess> {
  const [program, ...args] = RDSIAM;
  const child = new Deno.Command(program, {
    args: [...args, "proxy", ...options, "--json", "--drain", "0"],
    env: environment({ ...KEY, ...env }),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let log = "";
  const logging = (async () => {
    for await (
      const text of child.stderr.pipeThrough(new TextDecoderStream())
    ) {
      log += text;
    }
  })();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await lines.read();
  const event = JSON.parse(value.split("\n")[0] ?? "");
  const reading = (async () => {
    while (!(await lines.read()).done);
  })();
  return {
    port: Number(event.listen.split(":").at(-1)),
    password: event.password,
    log: () => log,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      await Promise.all([logging, reading]);
    },
  };
}
