import type { Command } from "commander";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  collect,
  type Invocation,
  offer,
} from "../frame/command.ts";
import {
  DEFAULT_CONNECT_RATE,
  DEFAULT_DRAIN,
  DEFAULT_MAX_CONNECTIONS,
  type ProxyCommandOptions,
} from "../proxy/settings.ts";
import { addTargetsOptions } from "../target/target_options.ts";

/** Declares `proxy`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetsOptions(command)
    .option(
      "--listen <[target=]addr>",
      "127.0.0.1:PORT or unix:PATH, for each target or once for all, whose clients ask for database DB@TARGET (default: a free port each)",
      collect,
    )
    .option(
      "--local-auth <method>",
      "none or password (default: password on TCP, none on a unix socket)",
    )
    .option(
      "--local-password-file <file>",
      "file of the local password; written if it is missing (default: generated and printed)",
    )
    .option("--any-user", "log in as the user that the client names")
    .option("--tls-cert <file>", "certificate to offer clients TLS with, PEM")
    .option("--tls-key <file>", "key of that certificate, PEM")
    .option(
      "--max-connections <n>",
      `limit of sessions at once (default: ${DEFAULT_MAX_CONNECTIONS})`,
    )
    .option(
      "--connect-rate <n>",
      `limit of logins a second at each database, 0 for no limit (default: ${DEFAULT_CONNECT_RATE})`,
    )
    .option(
      "--drain <time>",
      `how long sessions may go on after SIGTERM or Ctrl-C (default: ${DEFAULT_DRAIN})`,
    )
    .option("--http <addr:port>", "serve /livez, /readyz and /metrics there")
    .option(
      "--check",
      "ask the proxy that runs with this --http whether it is ready, and exit",
    );
  addCommonOptions(offer(command, "--local-auth", ["none", "password"]));
  addExamples(command, [
    "rdsiam proxy -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders",
    "rdsiam proxy orders billing --listen 127.0.0.1:6432 --http 127.0.0.1:9090",
    "rdsiam proxy postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders --listen 127.0.0.1:6432 --local-password-file proxy.secret",
  ]).action(async (names: string[], options: ProxyCommandOptions) => {
    const reporter = applyVerbosity(invocation, options);
    if (options.check) {
      const { checkProxy } = await import("../proxy/check.ts");
      return await checkProxy(options);
    }
    const { runProxy } = await import("../proxy/run.ts");
    await runProxy(names, options, invocation.context, reporter);
  });
}
