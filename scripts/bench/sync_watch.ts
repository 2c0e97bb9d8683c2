/**
 * Runs a watch over simulated hours, with real tokens and a real file, and prints its resident megabytes after each:
 * `bench_sync_watch.ts TARGETS HOURS PATH`.
 */
// deno-lint-ignore-file no-console

import { createFiles } from "../../adapters/files/files.ts";
import { Secret } from "../../core/secret.ts";
import { signToken } from "../../core/token/sign.ts";
import pgpass from "../../plugins/pgpass.ts";
import type { SyncJob } from "../../services/sync/job.ts";
import { Sync } from "../../services/sync/sync.ts";
import { Watch } from "../../services/sync/watch.ts";
import { TokenSource } from "../../services/token/token_source.ts";
import { FakeClock, FakeShell, fakeTarget } from "../../tests/fakes.ts";

const HOUR_MS = 3_600_000;
const key = {
  id: "AKIAIOSFODNN7EXAMPLE",
  secret: new Secret("not a real key"),
};

const [targets, hours, path] = Deno.args;
if (targets === undefined || hours === undefined || path === undefined) {
  throw new Error("Pass TARGETS HOURS PATH");
}

/** Time that passes as fast as the work in it is done. */
class FastClock extends FakeClock {
  override sleep(ms: number): Promise<void> {
    this.jump(ms);
    return Promise.resolve();
  }
}

const clock = new FastClock();
const signer = {
  sign: (request: Parameters<typeof signToken>[0]) =>
    signToken(request, key, clock.now()),
};
const job: SyncJob = {
  writer: pgpass(),
  destination: { kind: "file", path },
  targets: Array.from({ length: Number(targets) }, (_, index) => ({
    name: `target-${index}`,
    target: fakeTarget({ host: `db-${index}.abc.eu-west-1.rds.amazonaws.com` }),
  })),
};
const sync = new Sync({
  tokens: new TokenSource({ signer, clock }),
  clock,
  files: createFiles(clock),
  shell: new FakeShell(),
  places: { roots: "", passfile: path, rdsiam: [] },
  provideRoots: () => Promise.resolve(),
  print() {},
});

const start = clock.now();
const end = new AbortController();
let hour = 0;
await new Watch(sync, {
  clock,
  removeOnExit: false,
  tickMs: 10_000,
  listener: {
    round() {},
    reloaded() {},
    tick(now) {
      if (now < start + (hour + 1) * HOUR_MS) return;
      hour++;
      console.log(Math.round(Deno.memoryUsage().rss / 1024 / 1024));
      if (hour >= Number(hours)) end.abort();
    },
  },
  source: {
    version: () => Promise.resolve(""),
    load: () => Promise.resolve([job]),
  },
}).run(end.signal);
