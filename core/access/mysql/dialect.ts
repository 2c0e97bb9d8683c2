/** Whose SQL a server speaks: its own version says so, whatever the configuration calls it. */
export type Dialect = "mysql" | "mariadb";

/** What a server says of itself. */
export interface ServerVersion {
  readonly dialect: Dialect;
  /** As the server writes it. */
  readonly text: string;
  readonly number: readonly [major: number, minor: number, patch: number];
}

/** Reads what `VERSION()` says, such as `8.0.36` or `10.11.6-MariaDB-log`. */
export function parseServerVersion(text: string): ServerVersion {
  const [major = 0, minor = 0, patch = 0] =
    /^(\d+)\.(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  return {
    dialect: /mariadb/i.test(text) ? "mariadb" : "mysql",
    text,
    number: [major, minor, patch],
  };
}

/** Whether the server is of this version or later. */
export function isSince(
  { number }: ServerVersion,
  since: readonly [number, number, number],
): boolean {
  for (const [index, part] of since.entries()) {
    const own = number[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}

/** Whether the server knows roles: MySQL from 8.0 on, every MariaDB that has IAM authentication. */
export function hasRoles(version: ServerVersion): boolean {
  return version.dialect === "mariadb" || isSince(version, [8, 0, 0]);
}
