import { parseToken } from "./token.ts";

/** Whether a text is a token, expired or not: what a file that holds nothing else is known by. */
export function isToken(text: string): boolean {
  try {
    const names = parseToken(text).parameters.map(([name]) => name);
    return names.includes("Action") && names.includes("X-Amz-Signature");
  } catch {
    return false;
  }
}
