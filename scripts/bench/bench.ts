/** `deno task bench NAME`: measures, side by side with the peers. */
// deno-lint-ignore-file no-console

const BENCHES: Record<string, () => Promise<void>> = {
  token: async () => await (await import("./token.ts")).benchToken(),
  sync: async () => await (await import("./sync.ts")).benchSync(),
  access: async () => await (await import("./access.ts")).benchAccess(),
  revoke: async () => await (await import("./revoke.ts")).benchRevoke(),
  proxy: async () => await (await import("./proxy.ts")).benchProxy(),
  account: async () => await (await import("./account.ts")).benchAccount(),
  tunnel: async () => await (await import("./tunnel.ts")).benchTunnel(),
  "proxy-memory": async () =>
    await (await import("./proxy_memory.ts")).benchProxyMemory(),
  "proxy-soak": async () =>
    await (await import("./proxy_soak.ts")).benchProxySoak(),
  "proxy-mysql": async () =>
    await (await import("./proxy_mysql.ts")).benchProxyMysql(),
  "proxy-mysql-soak": async () =>
    await (await import("./proxy_mysql_soak.ts")).benchProxyMysqlSoak(),
};

const names = Deno.args.length > 0 ? Deno.args : Object.keys(BENCHES);
for (const name of names) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    console.error(`error: Benchmark "${name}" is not known`);
    console.error(`hint: Known: ${Object.keys(BENCHES).join(", ")}`);
    Deno.exit(2);
  }
  await bench();
}
