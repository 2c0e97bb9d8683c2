import type { WriterFactory } from "../core/writer.ts";

/** A writer that is built in. */
export interface BuiltInWriter {
  name: string;
  /** Loads its file, which only happens when it is used. */
  load: () => Promise<{ default: WriterFactory }>;
}

/** Every writer that is built in, the most used first. */
export const WRITERS: readonly BuiltInWriter[] = [
  { name: "pgpass", load: () => import("./pgpass.ts") },
  { name: "pgpass-raw", load: () => import("./pgpass_raw.ts") },
];
