import { LIBPQ_PARAMETERS } from "./connection_url.ts";
import type { TargetFields } from "./fields.ts";

/** One section of a service file. */
export interface Service {
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
export function parseServiceFile(text: string): Service[] {
  const services = new Map<string, Service>();
  let service: Service | undefined;
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
    if (key === "password") service.hasPassword = true;
    if (Object.hasOwn(LIBPQ_PARAMETERS, key)) {
      const field = LIBPQ_PARAMETERS[key as keyof typeof LIBPQ_PARAMETERS];
      if (value !== "") service.fields[field] ??= value;
    }
  }
  return [...services.values()];
}
