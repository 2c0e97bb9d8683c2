/** The roles and objects of every round: they lie there before it, and the round alone says who owns and may do what. */

/** Who changes access in most rounds: as RDS's master user. */
export const MASTER = "master";

/** Who does it in the others. */
export const LEAD = "lead";

/** The database that is changed. */
export const HERE = "here";

/** Others on the server. */
export const DATABASES = [HERE, "other", "third"] as const;

/** Roles that may log in. `elsewhere` owns something in another database, `guest` may read it there. */
export const LOGINS = [
  "anna",
  "Bert B.",
  "cleo",
  "dora",
  "elsewhere",
  "guest",
] as const;

/** Roles that may not. */
export const GROUPS = ["team", "readers", "owners"] as const;

/** Everybody whose login, privileges and rows are compared. */
export const ROLES: readonly string[] = [MASTER, LEAD, ...LOGINS, ...GROUPS];

/** The schemas. */
export const SCHEMAS = ["public", "sales"] as const;

/** What privileges are granted on, as `GRANT … ON` has it. */
export interface Target {
  readonly kind: string;
  readonly sql: string;
  readonly privileges: readonly string[];
  /** What `ALTER … OWNER TO` wants before the name; null: it has no owner that may change. */
  readonly alter: string | null;
}

const TABLE = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "TRUNCATE",
  "REFERENCES",
  "TRIGGER",
];

function target(
  kind: string,
  sql: string,
  privileges: readonly string[],
  alter: string | null = kind,
): Target {
  return { kind, sql, privileges, alter };
}

/** The tables with rows; each has the columns `id`, `tenant` and `secret`. */
export const TABLES = ["public.people", "public.orders", "sales.accounts"];

/** Views: of people, of the view of people, of the accounts with row security, and one that its reader's rights count for. */
export const VIEWS = [
  "public.people_view",
  "sales.people_again",
  "sales.accounts_view",
];

/** Everything in the database that privileges are granted on, and the other databases. */
export const TARGETS: readonly Target[] = [
  ...TABLES.map((name) => target("TABLE", name, TABLE)),
  ...VIEWS.map((name) => target("TABLE", name, TABLE, "VIEW")),
  target("TABLE", "sales.totals", ["SELECT"], "MATERIALIZED VIEW"),
  target("SEQUENCE", "sales.numbers", ["USAGE", "SELECT", "UPDATE"]),
  target("FUNCTION", "public.add(int, int)", ["EXECUTE"]),
  target("FUNCTION", "sales.peek()", ["EXECUTE"]),
  target("PROCEDURE", "sales.work(public.mood)", ["EXECUTE"]),
  target("TYPE", "public.mood", ["USAGE"]),
  target("LANGUAGE", "plpgsql", ["USAGE"], null),
  target("FOREIGN DATA WRAPPER", "wrapper", ["USAGE"], null),
  target("FOREIGN SERVER", "far", ["USAGE"], "SERVER"),
  target("LARGE OBJECT", "4711", ["SELECT", "UPDATE"]),
  ...SCHEMAS.map((name) => target("SCHEMA", name, ["USAGE", "CREATE"])),
  ...DATABASES.map((name) =>
    target("DATABASE", name, ["CONNECT", "CREATE", "TEMPORARY"])
  ),
];
