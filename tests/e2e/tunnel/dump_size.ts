/** How large dumps through tunnels are, in megabytes: small, unless `RDSIAM_TEST_DUMP_MB` says otherwise. */
export const MEGABYTES = Number(Deno.env.get("RDSIAM_TEST_DUMP_MB") ?? 10);
