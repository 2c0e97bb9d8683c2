import type { EndpointProbe } from "../../core/database/probe.ts";
import { certificateOf } from "./certificate.ts";
import { explainDialError } from "./dial_errors.ts";
import { dialPostgres, DialTimeout } from "./tls.ts";

/** How long TLS may take, connecting included, in milliseconds. */
const TLS_TIMEOUT_MS = 10_000;

/** Looks at how far one gets to PostgreSQL. */
export const postgresProbe: EndpointProbe = {
  async connect(address, signal) {
    try {
      const { host: hostname, port } = address;
      (await Deno.connect({ hostname, port, signal })).close();
    } catch (cause) {
      throw explainDialError(signal.aborted ? new DialTimeout() : cause, {
        address,
        serverName: address.host,
      });
    }
  },
  async certificate(login) {
    const socket = await dialPostgres(login, TLS_TIMEOUT_MS);
    try {
      return certificateOf(socket);
    } finally {
      socket.destroy();
    }
  },
};
