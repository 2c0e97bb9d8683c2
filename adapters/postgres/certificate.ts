import type { TLSSocket } from "node:tls";
import type { ServerCertificate } from "../../core/database/probe.ts";

/** What the certificate of a server says, that a handshake has shown. */
export function certificateOf(socket: TLSSocket): ServerCertificate {
  const { subjectaltname = "", valid_to } = socket.getPeerCertificate();
  const names = subjectaltname.split(", ")
    .map((name) => /^DNS:"?([^"]*)"?$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return { names, expiresAt: Date.parse(valid_to) };
}
