import type { TargetFields } from "../../core/target/fields.ts";

/** The options that say which database. */
export interface TargetOptions extends TargetFields {
  /** The configuration file to read. */
  config?: string;
}
