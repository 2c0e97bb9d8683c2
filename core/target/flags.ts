import type { TargetField } from "./fields.ts";

/** The option that gives each field of a target. */
export const FLAGS: Readonly<Record<TargetField, string>> = {
  host: "--host",
  port: "--port",
  username: "--username",
  dbname: "--dbname",
  region: "--region",
  profile: "--profile",
  roleArn: "--role-arn",
  connect: "--connect",
  tunnel: "--tunnel",
  sslmode: "--sslmode",
  sslrootcert: "--sslrootcert",
  engine: "--engine",
};

/** The short options of those that have one, as psql has them. */
export const SHORT_FLAGS: Readonly<Partial<Record<TargetField, string>>> = {
  host: "-h",
  port: "-p",
  username: "-U",
  dbname: "-d",
};
