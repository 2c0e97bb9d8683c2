/** A host and port as a client names them. */
export interface PassfileAddress {
  host: string;
  port: number;
}

/** Whose password is looked up. */
export interface PassfileTarget extends PassfileAddress {
  /** What is dialled instead, with the name that it was given by, where that is another one. */
  connect?: PassfileAddress & { name?: string };
}

/** What people call this machine. */
const LOOPBACK = ["localhost", "127.0.0.1"];
const LOOPBACK_NAMES = new Set([...LOOPBACK, "::1"]);

/**
 * The names that clients look a target's password up by, none twice. A client is given the endpoint, or the near end of
 * a tunnel, or, as libpq with `hostaddr`, the endpoint with the tunnel's port; this machine has more than one name.
 */
export function passfileAddresses(
  { host, port, connect }: PassfileTarget,
): readonly PassfileAddress[] {
  const addresses = [{ host, port }];
  if (connect !== undefined) {
    const dialled = [
      connect.host,
      ...(connect.name === undefined ? [] : [connect.name]),
      ...(LOOPBACK_NAMES.has(connect.host) ? LOOPBACK : []),
    ];
    addresses.push(
      { host, port: connect.port },
      ...dialled.map((name) => ({ host: name, port: connect.port })),
    );
  }
  return addresses.filter((address, index) =>
    index ===
      addresses.findIndex((other) =>
        other.host === address.host && other.port === address.port
      )
  );
}
