import { formatAddress } from "./address.ts";
import { LIBPQ_PARAMETERS } from "./connection_url.ts";
import type { TargetFields } from "./fields.ts";

/** The comment of a section whose `port` is not the endpoint's, but the near end of a tunnel. */
export const SIGNED_PORT = /^# rdsiam signs for port (\d+)$/;

/** Writes the comment that {@linkcode SIGNED_PORT} reads. */
export function formatSignedPort(port: number): string {
  return `# rdsiam signs for port ${port}`;
}

/** One section of a service file. */
export interface PgService {
  /** Its name. */
  name: string;
  /** What it says of a target; settings that are nothing to rdsiam are left out. */
  fields: TargetFields;
  /** Whether it holds a password, which rdsiam does not use. */
  hasPassword: boolean;
}

/**
 * Reads libpq's `pg_service.conf`: sections of `key=value` lines, nothing quoted, the first of two values counts
 * (`parseServiceFile()` of PostgreSQL's src/interfaces/libpq/fe-connect.c). What libpq would refuse is passed over.
 */
export function parseServiceFile(text: string): PgService[] {
  const services = new Map<string, PgService>();
  const signedPorts = new Map<PgService, string>();
  let service: PgService | undefined;
  for (const line of text.split("\n").map((line) => line.trim())) {
    const header = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (header !== undefined) {
      service = services.get(header) ??
        { name: header, fields: {}, hasPassword: false };
      services.set(header, service);
      continue;
    }
    const [, key = "", value = ""] = /^([^#=][^=]*)=(.*)$/.exec(line) ?? [];
    if (service === undefined) continue;
    const signedPort = SIGNED_PORT.exec(line)?.[1];
    if (signedPort !== undefined) signedPorts.set(service, signedPort);
    if (key === "password") service.hasPassword = true;
    if (Object.hasOwn(LIBPQ_PARAMETERS, key)) {
      const field = LIBPQ_PARAMETERS[key as keyof typeof LIBPQ_PARAMETERS];
      if (value !== "") service.fields[field] ??= value;
    }
  }
  for (const [{ fields }, signedPort] of signedPorts) {
    const { connect, port } = fields;
    if (connect === undefined || port === undefined) continue;
    fields.connect = formatAddress(connect, Number(port));
    fields.port = signedPort;
  }
  return [...services.values()];
}
