import type { PureWriterFactory } from "../core/writer/writer.ts";

/** A writer that comes with rdsiam. */
export interface BuiltInWriter {
  /** Its name, as `--writer` takes it. */
  name: string;
  /** Loads its module: only the writers that are used cost time. */
  load(): Promise<{ default: PureWriterFactory }>;
}

/** Every writer that comes with rdsiam, the most useful first. Literal paths, so that `deno compile` embeds them. */
export const WRITERS: readonly BuiltInWriter[] = [
  { name: "pgpass", load: () => import("./pgpass.ts") },
  { name: "mycnf", load: () => import("./mycnf.ts") },
  { name: "env", load: () => import("./env.ts") },
  { name: "url", load: () => import("./url.ts") },
  { name: "password-file", load: () => import("./password_file.ts") },
  { name: "pg-service", load: () => import("./pg_service.ts") },
  { name: "pgadmin", load: () => import("./pgadmin.ts") },
  { name: "dbeaver", load: () => import("./dbeaver.ts") },
  { name: "datagrip", load: () => import("./datagrip.ts") },
  { name: "datagrip-local", load: () => import("./datagrip_local.ts") },
  { name: "sqltools", load: () => import("./sqltools.ts") },
  { name: "pgbouncer", load: () => import("./pgbouncer.ts") },
  { name: "k8s-secret", load: () => import("./k8s_secret.ts") },
  { name: "pgpass-raw", load: () => import("./pgpass_raw.ts") },
  { name: "json", load: () => import("./json.ts") },
  { name: "template", load: () => import("./template.ts") },
];
