import type { DaemonDefinition } from "../../../core/daemon/definition.ts";

/** A service, but for what the test wants otherwise. */
export function definition(
  changes: Partial<DaemonDefinition> = {},
): DaemonDefinition {
  return {
    name: "rdsiam",
    command: ["/usr/bin/rdsiam", "sync", "--watch"],
    folder: "/home/app",
    environment: { AWS_PROFILE: "prod" },
    ...changes,
  };
}
