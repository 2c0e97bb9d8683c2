import { lookup } from "node:dns/promises";
import { RdsiamError } from "../../core/errors.ts";
import type { Resolver } from "../../core/ports/resolver.ts";

/** What a resolver may be told to do otherwise. */
export interface ResolverOptions {
  /** The name server to ask for aliases; default: the system's. */
  nameServer?: { ipAddr: string; port: number };
  /** How long one question may take, in milliseconds; default: 5000. */
  timeoutMs?: number;
}

/** Makes the resolver that asks the system's name servers. */
export function createResolver(
  { timeoutMs = 5_000, ...options }: ResolverOptions = {},
): Resolver {
  return {
    async alias(name) {
      try {
        const [alias] = await Deno.resolveDns(name, "CNAME", {
          ...options,
          signal: AbortSignal.timeout(timeoutMs),
        });
        return alias?.replace(/\.$/, "");
      } catch (cause) {
        if (cause instanceof Deno.errors.NotFound) return undefined;
        throw new RdsiamError(
          "unreachable",
          `Host "${name}" cannot be looked up: no name server answers`,
          {
            hint:
              "Check the network, or pass the RDS endpoint's own name as --host",
            cause,
          },
        );
      }
    },
    async address(host) {
      try {
        return (await lookup(host)).address;
      } catch (cause) {
        throw new RdsiamError("unreachable", `Host "${host}" has no address`, {
          hint: "Check the name given to --connect",
          cause,
        });
      }
    },
  };
}
