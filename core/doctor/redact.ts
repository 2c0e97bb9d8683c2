/**
 * What names an account or a person, and what stands for it. A host keeps its name, kind and region; an ARN what it is
 * of.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // The part of an endpoint's name that stands for account and region.
  [
    /(\.(?:cluster-(?:ro-|custom-)?|proxy-|shardgrp-|global-)?)[a-z0-9_-]+(\.(?:[a-z0-9-]+\.rds(?:-fips)?|rds(?:-fips)?\.[a-z0-9-]+)\.[a-z])/gi,
    "$1<id>$2",
  ],
  [/(:assumed-role\/[\w+=,.@-]+\/)[\w+=,.@-]+/g, "$1<session>"],
  [/(?<!\d)\d{12}(?!\d)/g, "<account>"],
  [/\b(db|cluster)-[A-Z0-9]{10,}/g, "$1-<id>"],
  [/\bprx-[0-9a-f]{17}\b/g, "prx-<id>"],
  [/\b(A[A-Z]{3})[A-Z0-9]{12,}/g, "$1<id>"],
];

/** A text without account ids, sessions' names, access key ids and the random parts of names. */
export function redact(text: string): string {
  return PATTERNS.reduce(
    (redacted, [pattern, stand]) => redacted.replace(pattern, stand),
    text,
  );
}
