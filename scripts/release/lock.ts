/** npm's integrity of each package of a `deno.lock` of version 5, by `name@version`. */
export function readIntegrity(lock: string): Map<string, string> {
  const { version, npm } = JSON.parse(lock) as {
    version: string;
    npm: Record<string, { integrity?: string }>;
  };
  if (version !== "5") throw new Error(`deno.lock has version ${version}`);
  return new Map(
    Object.entries(npm).flatMap(([id, { integrity }]) => {
      // An id may name peers after the version: @scope/name@1.2.3_peer@1.0.0
      const [key] = /^@?[^@]+@[^_]+/.exec(id) ?? [];
      return key === undefined || integrity === undefined
        ? []
        : [[key, integrity] as const];
    }),
  );
}
