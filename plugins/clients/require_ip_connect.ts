import { RdsiamError } from "../../core/errors.ts";
import { isIpAddress } from "../../core/target/address.ts";
import type { LoginTarget } from "../../core/engine/login_target.ts";

/**
 * Refuses a `connect` that is a name: libpq's `hostaddr` takes addresses alone.
 *
 * @throws {RdsiamError} `usage`
 */
export function requireIpConnect({ connect }: LoginTarget): void {
  if (connect === undefined || isIpAddress(connect.host)) return;
  throw new RdsiamError(
    "usage",
    `Address "${connect.host}" to connect to is a name, where libpq wants an IP address`,
    { hint: "Give the IP address, such as 127.0.0.1" },
  );
}
