import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { formatAddress } from "../../core/target/address.ts";
import { type ProxyCommandOptions, readProxySettings } from "./settings.ts";

/** How long a proxy has to answer, in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Asks a running proxy whether it is ready, for containers whose health is a program's exit code and that hold no other
 * program.
 *
 * @throws {RdsiamError} `usage`, without `--http`; `failed`, when the proxy is not ready or does not answer
 */
export async function checkProxy(options: ProxyCommandOptions): Promise<void> {
  const { http } = readProxySettings(options);
  if (http === undefined) {
    throw new RdsiamError("usage", "--check needs --http", {
      hint: "Give the --http that the proxy runs with",
    });
  }
  const where = formatAddress(http.host, http.port);
  const { isReady, why } = await ask(`http://${where}/readyz`);
  if (!isReady) {
    throw new RdsiamError("failed", `Proxy at ${where} is not ready: ${why}`);
  }
}

async function ask(url: string): Promise<{ isReady: boolean; why: string }> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(url, { signal });
    const why = (await response.text()).trim().replaceAll("\n", ", ");
    return { isReady: response.ok, why };
  } catch (error) {
    const why = errorMessage(error);
    return { isReady: false, why };
  }
}
