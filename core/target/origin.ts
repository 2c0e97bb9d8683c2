/** Where a connection URL can stand. */
export type UrlPlace =
  | "argument"
  | "RDSIAM_TARGET"
  | "--admin-url"
  | "DATABASE_URL";

/** What gave a value. Code decides by its kind; {@linkcode formatOrigin} is for people. */
export type Origin =
  /** An option of the command line, such as `--host`. */
  | { kind: "flag"; flag: string }
  /** A variable of the environment, such as `PGHOST`. */
  | { kind: "environment"; variable: string }
  /** A connection URL. */
  | { kind: "url"; place: UrlPlace }
  /** A key of a target in rdsiam's configuration file. */
  | { kind: "config"; target: string; key: string; file: string }
  /** A setting of a section in libpq's service file. */
  | { kind: "service"; service: string; setting: string; file: string }
  /** Nobody: rdsiam puts it there; `what` says it for people. */
  | { kind: "implied"; what: string };

/** A value and what gave it. */
export interface Given {
  /** The value as given. */
  value: string;
  /** What gave it. */
  origin: Origin;
}

/** Names an origin in messages: `--host`, `PGHOST`, `targets.orders.host in "/home/me/rdsiam.toml"`. */
export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "flag":
      return origin.flag;
    case "environment":
      return origin.variable;
    case "url":
      return origin.place === "argument" ? "connection URL" : origin.place;
    case "config":
      return `targets.${origin.target}.${origin.key} in "${origin.file}"`;
    case "service":
      return `${origin.setting} of service "${origin.service}" in "${origin.file}"`;
    case "implied":
      return origin.what;
  }
}

/** Whether the value was typed on the command line itself, as an option or in one's URL. */
export function isTyped(origin: Origin): boolean {
  return origin.kind === "flag" ||
    origin.kind === "url" && origin.place === "--admin-url";
}

/**
 * Whether the value was set for libpq's programs at large, rather than said to rdsiam of one database: such a setting
 * may ask for more verification, never for less.
 */
export function isAmbient(origin: Origin): boolean {
  return origin.kind === "environment" || origin.kind === "service";
}
