import { connectPolicy, type NamedPolicy } from "../../core/policy/document.ts";
import { policyArn } from "../../core/policy/resource.ts";
import type { Target } from "../../core/target/target.ts";
import type { VisibleDatabase } from "./enable.ts";
import type { PolicyOptions } from "./options.ts";

/** A policy for a proxy's own role. */
export interface ProxyPolicy extends NamedPolicy {
  /** The ARN of the role. */
  role: string;
}

/**
 * The policies of proxies that log in with tokens themselves: such a proxy's own role needs `rds-db:connect` on the databases
 * behind it, as the same users (RDS User Guide, "Overview of end-to-end IAM authentication").
 *
 * @throws {AwsCallError} when it cannot be asked what stands behind one
 */
export async function proxyPolicies(
  found: readonly VisibleDatabase[],
  { user, anyUser }: PolicyOptions,
  targets: readonly Target[],
): Promise<ProxyPolicy[]> {
  const distinct = new Map(found.map((one) => [one.database.arn, one]));
  const policies: ProxyPolicy[] = [];
  for (const { database: proxy, aws } of distinct.values()) {
    if (proxy.kind !== "proxy" || !proxy.isEndToEndIam) continue;
    const hosts = proxy.endpoints.map(({ host }) => host);
    const own = targets.filter(({ host }) => hosts.includes(host))
      .map(({ username }) => username);
    const users = anyUser ? [undefined] : user ?? own;
    const databases = await aws.rds.behind(proxy);
    policies.push({
      name: `rds-connect-of-proxy-${proxy.name}`,
      role: proxy.roleArn ?? "which it does not tell",
      policy: connectPolicy(
        databases.flatMap((database) =>
          users.map((username) => policyArn({ ...database, username }))
        ),
      ),
    });
  }
  return policies;
}
