import { RdsiamError } from "../errors.ts";
import { didYouMean } from "./nearest.ts";

/**
 * One of a few words, as a person wrote it.
 *
 * @param what what the word is for, as the error begins: `Format`, `--via`
 * @throws {RdsiamError} `usage`, when it is none of them
 */
export function readChoice<const Choice extends string>(
  text: string,
  choices: readonly Choice[],
  what: string,
): Choice {
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw new RdsiamError("usage", `${what} "${text}" is not known`, {
    hint: didYouMean(text, choices) ?? `Known: ${choices.join(", ")}`,
  });
}
