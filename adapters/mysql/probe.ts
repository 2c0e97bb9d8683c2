import type { EndpointProbe } from "../../core/database/probe.ts";
import { postgresProbe } from "../postgres/probe.ts";
import { certificateOf } from "../postgres/certificate.ts";
import { dialMysql } from "./tls.ts";

/** How long TLS may take, connecting included, in milliseconds. */
const TLS_TIMEOUT_MS = 10_000;

/** Looks at how far one gets to MySQL and MariaDB. */
export const mysqlProbe: EndpointProbe = {
  connect: postgresProbe.connect,
  async certificate(login) {
    const { socket, leave } = await dialMysql(login, TLS_TIMEOUT_MS);
    const certificate = certificateOf(socket);
    await leave();
    return certificate;
  },
};
