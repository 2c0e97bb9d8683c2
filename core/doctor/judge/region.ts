import type { Endpoint } from "../../target/endpoint.ts";
import { formatOrigin, type Given } from "../../target/fields.ts";
import type { Target } from "../../target/target.ts";
import { commandFor, type TargetWords } from "../command.ts";
import type { Finding } from "../check.ts";

/**
 * Whether tokens are signed for the region that the database is in.
 *
 * @param given what named a region
 * @param primary where the alias of a global database's endpoint leads to, which has no region in its name
 */
export function judgeRegion(
  { region }: Pick<Target, "region">,
  endpoint: Endpoint,
  { given, primary, words }: {
    given: Given | undefined;
    primary: Endpoint | undefined;
    words: TargetWords;
  },
): Finding {
  const where = endpoint.region ?? primary?.region;
  const by = given === undefined
    ? "the AWS environment"
    : formatOrigin(given.origin);
  if (where === undefined) {
    return {
      status: "ok",
      detail: `${region}, by ${by}: a global endpoint's name holds none`,
    };
  }
  if (where === region) {
    const why = endpoint.region === undefined
      ? "where the global endpoint leads to"
      : "as in the endpoint's name";
    return { status: "ok", detail: `${region}, ${why}` };
  }
  return {
    status: "suspect",
    kind: "refused",
    detail:
      `tokens are signed for ${region} (${by}), and the database is in ${where}`,
    remedy: remedy(where, given, words),
    explains: ["token"],
  };
}

function remedy(
  region: string,
  given: Given | undefined,
  words: TargetWords,
): string {
  return given?.origin.kind === "config"
    ? `Set ${formatOrigin(given.origin)} to "${region}"`
    : commandFor(["doctor"], words, { changes: { region } });
}
