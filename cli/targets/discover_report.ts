import { clockOffset, isClockWrong } from "../../core/doctor/judge/clock.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import { isClosedRegion, sharedFailures } from "../../core/rds/failures.ts";
import type { Discovery } from "../../services/rds/discover.ts";
import type { Reporter } from "../frame/output.ts";
import type { DiscoverOptions } from "./discover_options.ts";

/**
 * Warns of what could not be read. In a search of every region, those that are not enabled for the account are no failure;
 * an account that lets nobody in is none for the others.
 *
 * @throws {RdsiamError} the first failure, when nothing was found
 */
export function reportFailures(
  { inventories, refusals }: Discovery,
  { allRegions }: DiscoverOptions,
  reporter: Reporter,
): void {
  const open = inventories.filter((one) => !isClosedRegion(one));
  const isPartial = allRegions && open.length > 0;
  const failures = sharedFailures(isPartial ? open : inventories);
  if (isPartial && open.length < inventories.length) {
    const closed = inventories.filter(isClosedRegion);
    const names = [...new Set(closed.map(({ region }) => region))].join(", ");
    reporter.detail(`not enabled for this account: ${names}`);
  }
  const hasFound = inventories.some(({ databases }) => databases.length > 0);
  const first = failures[0]?.error ?? refusals[0]?.error;
  if (!hasFound && first !== undefined) throw first;
  for (const { error, regions: { length } } of failures) {
    const more = length > 1
      ? `; the same in ${length - 1} more region${length > 2 ? "s" : ""}`
      : "";
    reporter.warn(`${error.message}${more}`);
  }
  for (const { account, error } of refusals) {
    reporter.warn(`Account ${account} is left out: ${error.message}`);
  }
}

/** Warns of a clock that is so wrong that tokens suffer: the SDK makes up for it in its own calls. */
export function reportClock(
  { time }: Pick<AwsApis, "time">,
  reporter: Reporter,
): void {
  const seen = time();
  if (seen === undefined || !isClockWrong(seen)) return;
  reporter.warn(
    `This machine's clock is ${
      clockOffset(seen)
    }: databases may refuse tokens until it is set`,
  );
}
