import assert from "node:assert/strict";
import { RdsiamError } from "../../../core/errors.ts";
import type { RdsInventory } from "../../../core/rds/database.ts";
import { discover, type Place } from "../../../services/rds/discover.ts";
import { settle } from "../../fakes.ts";

function regions(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `r${index}`);
}

function places(rds: Place["rds"], count: number, account?: string): Place[] {
  return regions(count).map((region) => ({
    rds,
    region,
    ...(account !== undefined && { account }),
  }));
}

Deno.test("discover() asks few regions at once and keeps their order", async () => {
  const open: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const rds = {
    async list(region: string): Promise<RdsInventory> {
      most = Math.max(most, ++running);
      const { promise, resolve } = Promise.withResolvers<void>();
      open.push(resolve);
      await promise;
      running--;
      return { region, databases: [], failures: [] };
    },
  };
  const progress: number[] = [];
  const found = discover(places(rds, 20), (count) => progress.push(count));
  for (let turn = 0; turn < 20; turn++) {
    await settle();
    open.pop()?.();
  }
  assert.deepEqual(
    (await found).inventories.map(({ region }) => region),
    regions(20),
  );
  assert.equal(most, 8);
  assert.deepEqual(progress, regions(20).map((_, index) => index + 1));
});

Deno.test("discover() stops asking when there are no credentials", async () => {
  const error = new RdsiamError("credentials", "none");
  const signals: (AbortSignal | undefined)[] = [];
  const rds = {
    list(region: string, signal?: AbortSignal): Promise<RdsInventory> {
      signals.push(signal);
      return region === "r0"
        ? Promise.reject(error)
        : Promise.withResolvers<RdsInventory>().promise;
    },
  };
  await assert.rejects(discover(places(rds, 20), () => {}), error);
  assert.ok(signals.every((signal) => signal?.aborted));
  assert.equal(signals.length, 8);
});

Deno.test("discover() leaves an account out that lets nobody in, and asks it once", async () => {
  const error = new RdsiamError("credentials", "no such role");
  let refused = 0;
  const closed = { list: () => (refused++, Promise.reject(error)) };
  const open = {
    list: (region: string) =>
      Promise.resolve({ region, databases: [], failures: [] }),
  };
  const { inventories, refusals } = await discover([
    ...places(closed, 1, "1"),
    ...places(open, 10, "2"),
    ...places(closed, 10, "1"),
  ], () => {});
  assert.deepEqual(
    inventories.map(({ account, region }) => `${account} ${region}`),
    regions(10).map((region) => `2 ${region}`),
  );
  assert.deepEqual(refusals, [{ account: "1", error }]);
  assert.equal(refused, 1);
});
