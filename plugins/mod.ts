import type { WriterFactory } from "../core/writer.ts";

/** A writer that comes with rdsiam. */
export interface BuiltInWriter {
  /** Its name, as `--writer` takes it. */
  name: string;
  /** Loads its module: only the writers that are used cost time. */
  load(): Promise<{ default: WriterFactory }>;
}

/** Every writer that comes with rdsiam, the most useful first. Literal paths, so that `deno compile` embeds them. */
export const WRITERS: readonly BuiltInWriter[] = [
  { name: "mycnf", load: () => import("./mycnf.ts") },
  { name: "env", load: () => import("./env.ts") },
  { name: "url", load: () => import("./url.ts") },
  { name: "password-file", load: () => import("./password_file.ts") },
  { name: "pgbouncer", load: () => import("./pgbouncer.ts") },
  { name: "k8s-secret", load: () => import("./k8s_secret.ts") },
  { name: "json", load: () => import("./json.ts") },
  { name: "template", load: () => import("./template.ts") },
];
