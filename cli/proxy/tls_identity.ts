import type { TlsIdentity } from "../../adapters/net/tls_stream.ts";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { DIRECT_TLS_PROTOCOL } from "../../services/connection/negotiate.ts";
import type { ProxySettings } from "./settings.ts";

/**
 * Reads the certificate and key that clients are shown.
 *
 * @throws {RdsiamError} `usage`, when a file cannot be read, holds something else, or the two do not belong together:
 * clients would be told of a failed handshake alone
 */
export async function readIdentity(
  files: ProxySettings["tls"],
): Promise<TlsIdentity | undefined> {
  if (files === undefined) return undefined;
  const certificate = await readText(files.certificate, "--tls-cert");
  const privateKey = await readText(files.key, "--tls-key");
  const { createPrivateKey, X509Certificate } = await import("node:crypto");
  const shown = read(
    () => new X509Certificate(certificate),
    `File "${files.certificate}" of --tls-cert holds no certificate`,
  );
  const key = read(
    () => createPrivateKey(privateKey),
    `File "${files.key}" of --tls-key holds no private key`,
  );
  if (!shown.checkPrivateKey(key)) {
    throw new RdsiamError(
      "usage",
      `Key "${files.key}" of --tls-key does not belong to the certificate of --tls-cert`,
      {
        hint:
          "The server's own certificate stands first, those of its authorities follow",
      },
    );
  }
  return { certificate, privateKey, protocols: [DIRECT_TLS_PROTOCOL] };
}

function read<Value>(parse: () => Value, message: string): Value {
  try {
    return parse();
  } catch (cause) {
    throw new RdsiamError("usage", message, {
      hint: "Both must be PEM; a key must not be encrypted",
      cause,
    });
  }
}

async function readText(path: string, field: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw new RdsiamError(
      "usage",
      `File "${path}" of ${field} cannot be read: ${errorMessage(cause)}`,
      { cause },
    );
  }
}
