import { parseAddress } from "../../core/target/address.ts";

/**
 * Reads the address to listen on, `HOST:PORT`; port 0 stands for a free one.
 *
 * @param field what to call it in the error, such as `--listen`
 * @throws {RdsiamError} `usage`, when it is malformed
 */
export function parseListenAddress(
  text: string,
  field: string,
): { host: string; port: number | undefined } {
  const isFree = /:0$/.test(text);
  const address = parseAddress(isFree ? text.slice(0, -2) : text, field);
  return isFree ? { ...address, port: 0 } : address;
}
