import type { RdsApi } from "../../core/rds/rds_api.ts";
import type { RdsInventory } from "../../core/rds/database.ts";

/** How many regions are asked at once. Each takes five calls side by side. */
const AT_ONCE = 8;

/**
 * Asks several regions side by side, and tells each time that one has answered.
 *
 * @returns what each knows, in the order of the regions
 * @throws {RdsiamError} `credentials`, when there are none to call with
 */
export async function discover(
  rds: Pick<RdsApi, "list">,
  regions: readonly string[],
  onAnswer: (answered: number) => void,
): Promise<RdsInventory[]> {
  const found: RdsInventory[] = [];
  const waiting = regions.entries();
  const stop = new AbortController();
  let answered = 0;
  async function work() {
    for (const [index, region] of waiting) {
      found[index] = await rds.list(region, stop.signal);
      onAnswer(++answered);
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
  return found;
}
