import { RdsiamError } from "../../core/errors.ts";
import type { RdsApi } from "../../core/rds/rds_api.ts";
import type { RdsInventory } from "../../core/rds/database.ts";

/** How many regions are asked at once, of whatever accounts. Each takes five calls side by side. */
const AT_ONCE = 8;

/** A region of an account, and who asks there. */
export interface Place {
  rds: Pick<RdsApi, "list">;
  region: string;
  /** The account, where there are several: what it refuses does not end the search in others. */
  account?: string;
}

/** What was found. */
export interface Discovery {
  /** What each place knows, in their order; those of accounts that let nobody in are left out. */
  inventories: readonly (RdsInventory & { account?: string })[];
  /** The accounts that let nobody in, and why. */
  refusals: readonly { account: string; error: RdsiamError }[];
}

/**
 * Asks regions of one account or many side by side, and tells each time that one has answered.
 *
 * @throws {RdsiamError} `credentials`, when there are none to call with in a place of no named account
 */
export async function discover(
  places: readonly Place[],
  onAnswer: (answered: number) => void,
): Promise<Discovery> {
  const found: (Discovery["inventories"][number] | undefined)[] = [];
  const refusals = new Map<string, RdsiamError>();
  const waiting = places.entries();
  const stop = new AbortController();
  let answered = 0;
  async function ask(index: number, { rds, region, account = "" }: Place) {
    if (refusals.has(account)) return;
    try {
      const inventory = await rds.list(region, stop.signal);
      found[index] = { ...inventory, ...(account && { account }) };
    } catch (error) {
      if (!account || !(error instanceof RdsiamError)) throw error;
      refusals.set(account, error);
    }
  }
  async function work() {
    for (const [index, place] of waiting) {
      await ask(index, place);
      onAnswer(++answered);
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return {
    inventories: found.filter((one) => one !== undefined),
    refusals: [...refusals].map(([account, error]) => ({ account, error })),
  };
}
