import type { Preset } from "../preset.ts";
import { PRIVILEGES } from "./privilege.ts";

/** What `--grant-public-crud` gives. */
export const CRUD: readonly string[] = ["SELECT", "INSERT", "UPDATE", "DELETE"];

/**
 * Ready-made sets of privileges on a database and all that it will hold:
 *
 * - `readonly`: reads tables, and the definitions of views (what `mysqldump` needs)
 * - `readwrite`: the four verbs beside that
 * - `owner`: everything that RDS's master user can give on a database, and no right to pass it on
 */
export const MYSQL_PRESETS: Readonly<Record<Preset, readonly string[]>> = {
  readonly: ["SELECT", "SHOW VIEW"],
  readwrite: [...CRUD, "SHOW VIEW"],
  owner: PRIVILEGES.database,
};
