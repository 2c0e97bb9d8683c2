import { RdsiamError } from "../../errors.ts";
import { JsonReader } from "../json_reader.ts";
import { type Account, parseAccount } from "./account.ts";
import type {
  AccountState,
  Defined,
  Held,
  MysqlCatalog,
  Nameable,
  RoleGrant,
} from "./catalog.ts";
import type { CatalogQueries, PrivilegeColumns } from "./catalog_queries.ts";
import type { ServerVersion } from "./dialect.ts";
import { nameOfPattern } from "./pattern.ts";
import { privilegeOfTable } from "./privilege.ts";

/** The rows of each of the {@linkcode CatalogQueries}. */
export type CatalogRows = {
  readonly [Name in keyof CatalogQueries]: readonly string[];
};

/** The plugin of accounts that log in with IAM. */
const PLUGIN = "AWSAuthenticationPlugin";

function read(rows: readonly string[], name: string): readonly JsonReader[] {
  return rows.map((row) => {
    let value: unknown;
    try {
      value = JSON.parse(row);
    } catch (cause) {
      throw new RdsiamError("failed", `Reading ${name} failed: not JSON`, {
        cause,
      });
    }
    return new JsonReader(value, name);
  });
}

function isYes(row: JsonReader, key: string): boolean {
  return row.get(key).oneOf(["Y", "N"]) === "Y";
}

function accountOf(row: JsonReader): Account {
  return { user: row.get("user").text(), host: row.get("host").text() };
}

function roleOf(row: JsonReader): Account {
  return { user: row.get("role").text(), host: row.get("roleHost").text() };
}

/** A list in one text, as sets and {@linkcode catalogQueries} have it. */
function privilegesOf(text: string): readonly string[] {
  return text === "" ? [] : text.split(",").map(privilegeOfTable);
}

/** The columns that hold privileges. */
export function decodeColumns(rows: readonly string[]): PrivilegeColumns {
  const found = read(rows, "columns").map((row) => ({
    table: row.get("table").text(),
    column: row.get("column").text(),
  }));
  const of = (name: string) =>
    found.filter(({ table }) => table === name).map(({ column }) => column);
  return { user: of("user"), db: of("db") };
}

function decodeAccount(row: JsonReader): AccountState {
  const plugin = row.get("plugin").textOrNull() ?? "";
  const isRole = isYes(row, "role");
  const isIam = plugin === PLUGIN;
  return {
    account: accountOf(row),
    isIam,
    // An account without a password gets in without one.
    hasOtherLogin: !isIam && !isRole,
    requiresTls: isYes(row, "tls"),
    isLocked: isYes(row, "locked"),
    isExpired: isYes(row, "expired"),
    isRole,
    globals: privilegesOf(row.get("privileges").text()),
  };
}

/** The privileges that MySQL keeps by name, beside the columns of `mysql.user`. */
function withDynamic(
  states: readonly AccountState[],
  rows: readonly JsonReader[],
): readonly AccountState[] {
  const named = Map.groupBy(rows, (row) => JSON.stringify(accountOf(row)));
  return states.map((state) => {
    const { user, host } = state.account;
    const more = named.get(JSON.stringify({ user, host })) ?? [];
    return {
      ...state,
      globals: [
        ...state.globals,
        ...more.map((row) => row.get("privilege").text()),
      ],
    };
  });
}

function decodeHeld(rows: CatalogRows, isLiteral: boolean): readonly Held[] {
  const databases = read(rows.databaseGrants, "mysql.db").map((row): Held => {
    const pattern = row.get("pattern").text();
    const name = nameOfPattern(pattern, isLiteral);
    return {
      account: accountOf(row),
      on: { kind: "database", pattern, name },
      privileges: privilegesOf(row.get("privileges").text()),
      ofColumns: [],
    };
  });
  const tables = read(rows.tableGrants, "mysql.tables_priv").map((
    row,
  ): Held => ({
    account: accountOf(row),
    on: {
      kind: "table",
      database: row.get("database").text(),
      name: row.get("name").text(),
    },
    privileges: privilegesOf(row.get("privileges").text()),
    ofColumns: privilegesOf(row.get("columns").text()),
  }));
  const routines = read(rows.routineGrants, "mysql.procs_priv").flatMap((
    row,
  ): Held[] => {
    const kind = row.get("kind").text();
    // MariaDB has packages of Oracle's kind there, too.
    if (kind !== "function" && kind !== "procedure") return [];
    return [{
      account: accountOf(row),
      on: {
        kind,
        database: row.get("database").text(),
        name: row.get("name").text(),
      },
      privileges: privilegesOf(row.get("privileges").text()),
      ofColumns: [],
    }];
  });
  return [...databases, ...tables, ...routines];
}

function decodeObject(row: JsonReader): Nameable {
  return {
    kind: row.get("kind").oneOf(["table", "function", "procedure"]),
    database: row.get("database").text(),
    name: row.get("name").text(),
  };
}

function decodeDefined(row: JsonReader): Defined {
  return {
    kind: row.get("kind").oneOf(
      ["view", "function", "procedure", "trigger", "event"],
    ),
    database: row.get("database").text(),
    name: row.get("name").text(),
    definer: parseAccount(row.get("definer").text()),
  };
}

function decodeRoleGrant(row: JsonReader): RoleGrant {
  return {
    role: roleOf(row),
    member: accountOf(row),
    isAdmin: isYes(row, "admin"),
  };
}

/** The catalog, from the rows of its queries. */
export function decodeMysqlCatalog(
  version: ServerVersion,
  rows: CatalogRows,
): MysqlCatalog {
  const [server = new JsonReader(null, "server")] = read(rows.server, "server");
  const isLiteral = isYes(server, "literal");
  return {
    version,
    isReadOnly: isYes(server, "readOnly"),
    isLiteral,
    lowersNames: isYes(server, "lowers"),
    hasPlugin: isYes(server, "plugin"),
    administrator: parseAccount(server.get("administrator").text()),
    accounts: withDynamic(
      read(rows.accounts, "mysql.user").map(decodeAccount),
      read(rows.dynamic, "mysql.global_grants"),
    ),
    databases: read(rows.databases, "databases").map((row) =>
      row.get("name").text()
    ),
    objects: read(rows.objects, "objects").map(decodeObject),
    held: decodeHeld(rows, isLiteral),
    roleGrants: read(rows.roleGrants, "roles").map(decodeRoleGrant),
    defaultRoles: read(rows.defaultRoles, "default roles").map((row) => ({
      account: accountOf(row),
      role: roleOf(row),
    })),
    defined: read(rows.defined, "definers").map(decodeDefined),
  };
}
