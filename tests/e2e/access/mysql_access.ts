/** Drives `setup-db`, `grant` and `revoke` against an emulator of MySQL or MariaDB. */

import type { TestServer } from "../../mysql_servers.ts";
import {
  type MysqlEmulator,
  runAndEnd,
  useMysqlEmulators,
} from "../emulator/mysql_emulator.ts";
import { rdsiam, type Result } from "../rdsiam.ts";

/** An emulator whose master gives and takes access. */
export interface MysqlAccessEmulator extends MysqlEmulator {
  /** Runs a command as the master, by password, for database `shop`. */
  access(command: string, ...rest: string[]): Promise<Result>;
  /** The same as another administrator, for whatever database the rest names. */
  accessAs(
    login: { username: string; password: string },
    command: string,
    ...rest: string[]
  ): Promise<Result>;
  /** Runs statements as a user who logs in with a token; gives the rows of the last one. */
  as(username: string, ...statements: string[]): Promise<unknown[][]>;
}

/** What the databases hold when a test begins. */
const SCHEMA = [
  "create database shop",
  "create table shop.orders (id int auto_increment primary key, note text)",
  "create table shop.items (id int)",
  "create view shop.notes as select note from shop.orders",
  "create procedure shop.tidy() delete from shop.items",
  "create database hidden",
  "create table hidden.salaries (id int)",
  "create database a_b",
  "create database aXb",
  "create table a_b.t (id int)",
  "create table aXb.t (id int)",
];

/** Has `setup-db`, `grant` and `revoke` work on an emulator. */
export function accessTo(emulator: MysqlEmulator): MysqlAccessEmulator {
  function accessAs(
    { username, password }: { username: string; password: string },
    command: string,
    ...rest: string[]
  ) {
    const admin = ["--admin-username", username];
    return rdsiam([command, ...emulator.options, ...admin, ...rest], {
      env: { MYSQL_PWD: password },
    });
  }
  return Object.assign(emulator, {
    accessAs,
    access: (command: string, ...rest: string[]) =>
      accessAs(emulator.master, command, "-d", "shop", ...rest),
    async as(username: string, ...statements: string[]) {
      const password = await emulator.token(username);
      const connection = await emulator.connect({ username, password });
      return await runAndEnd(connection, statements);
    },
  });
}

/** Gives each server one emulator with a few databases, which ends after the last test of the file. */
export function useMysqlAccess(
  ...statements: string[]
): (server: TestServer) => Promise<MysqlAccessEmulator> {
  const emulatorOf = useMysqlEmulators(...SCHEMA, ...statements);
  return async (server) => accessTo(await emulatorOf(server));
}

/** Everything about accounts and privileges that a run can change, as the server's tables have it. */
export async function everything(
  { query, server }: MysqlAccessEmulator,
): Promise<string[]> {
  const isMysql = server.engine === "mysql";
  const tables = [
    "select User, Host, plugin, ssl_type, password_expired from mysql.user",
    "select * from mysql.db",
    "select Host, Db, User, Table_name, Table_priv, Column_priv from mysql.tables_priv",
    "select Host, Db, User, Routine_name, Proc_priv from mysql.procs_priv",
    ...(isMysql
      ? [
        "select * from mysql.role_edges",
        "select * from mysql.default_roles",
        "select User, Host, account_locked from mysql.user",
      ]
      : [
        "select * from mysql.roles_mapping",
        "select User, Host, Priv from mysql.global_priv",
      ]),
  ];
  const found: string[] = [];
  for (const table of tables) {
    const rows = await query(table);
    found.push(...rows.map((row) => `${table}: ${JSON.stringify(row)}`));
  }
  return found.toSorted();
}
