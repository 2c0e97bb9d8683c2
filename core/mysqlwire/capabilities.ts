/**
 * Flags that client and server tell each other at the login (MySQL source documentation, "Capabilities Flags"; MariaDB,
 * "Connecting: Capabilities").
 */
export const CAPABILITIES = {
  /** MySQL's own protocol. A server or client of MariaDB that has more flags leaves it out. */
  MYSQL: 1,
  CONNECT_WITH_DB: 1 << 3,
  COMPRESS: 1 << 5,
  LOCAL_FILES: 1 << 7,
  PROTOCOL_41: 1 << 9,
  SSL: 1 << 11,
  SECURE_CONNECTION: 1 << 15,
  PLUGIN_AUTH: 1 << 19,
  CONNECT_ATTRS: 1 << 20,
  PLUGIN_AUTH_LENENC: 1 << 21,
  SESSION_TRACK: 1 << 23,
  DEPRECATE_EOF: 1 << 24,
  ZSTD: 1 << 26,
  MULTI_FACTOR: 1 << 28,
} as const;

/** Whether a set of flags has one of them, or any of several. */
export function hasFlag(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}

/** A set of flags less some and with others, as the unsigned number that goes over the wire. */
export function changeFlags(
  flags: number,
  { add = 0, remove = 0 }: { add?: number; remove?: number },
): number {
  return ((flags & ~remove) | add) >>> 0;
}
