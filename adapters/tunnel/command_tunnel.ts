import { fillCommand } from "../../core/tunnel/command.ts";
import { TunnelError } from "../../core/tunnel/fault.ts";
import type { Tunnel } from "../../core/tunnel/ports.ts";
import {
  type CommandTunnelSpec,
  describeTunnel,
} from "../../core/target/tunnel_spec.ts";
import { type ChildEnd, startChildConn } from "./child_conn.ts";

/** A tunnel whose connections are runs of a command each. */
export function createCommandTunnel(
  spec: CommandTunnelSpec,
  environment: Readonly<Record<string, string>>,
): Tunnel {
  const name = describeTunnel(spec);
  return {
    open: () => Promise.resolve(),
    dial(address) {
      const command = fillCommand(spec.command, address);
      const shell = Deno.build.os === "windows"
        ? ["cmd", "/d", "/s", "/c", command] as const
        // As OpenSSH runs its ProxyCommand: the shell is not left in between.
        : ["/bin/sh", "-c", `exec ${command}`] as const;
      return Promise.resolve(
        startChildConn(
          shell,
          environment,
          (end, hasCarried) =>
            hasCarried && end.code === 0 ? undefined : explain(name, end),
        ),
      );
    },
    broken: () => Promise.withResolvers<never>().promise,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function explain(name: string, { code, lines }: ChildEnd): TunnelError {
  const last = lines.findLast((line) => line.trim() !== "")?.trim();
  if (code === 127) {
    return new TunnelError(name, {
      reason: "program-missing",
      why: last ?? "its program is not found",
      hint: "Check the program's name, and PATH",
    });
  }
  return new TunnelError(name, {
    reason: "ended",
    why: `it ended with code ${code}${
      last === undefined ? " and printed nothing" : `: ${last}`
    }`,
    hint:
      "Run the command by hand, with the database's host and port in place of %h and %p",
  });
}
