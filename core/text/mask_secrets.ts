import { MASK, type Secret } from "../secret.ts";

/** A secret shorter than this is no token, and might be part of any word. */
const SHORTEST = 6;

/** What of a token would let others in, wherever it comes from and however it was cut. */
const SIGNED = /(X-Amz-(?:Signature|Security-Token)(?:=|%3D))[^\s&"'<>]+/gi;

/** A text that somebody else wrote, with every secret that it may repeat masked. */
export function maskSecrets(text: string, secrets: readonly Secret[]): string {
  let masked = text;
  for (const secret of secrets) {
    const value = secret.reveal();
    if (value.length < SHORTEST) continue;
    for (const form of [value, encodeURIComponent(value.toWellFormed())]) {
      masked = masked.replaceAll(form, MASK);
    }
  }
  return masked.replace(SIGNED, `$1${MASK}`);
}
