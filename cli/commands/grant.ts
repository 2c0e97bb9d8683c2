import type { Command } from "commander";
import { addExamples, type Invocation } from "../frame/command.ts";
import {
  type AccessOptions,
  addAccessOptions,
  addModeOptions,
} from "../access/options.ts";

/** Declares `grant`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that is given the privileges",
    publicCrud:
      "the four verbs on all tables of schema public; of MySQL, on the database",
    group:
      "grant to this role instead, which cannot log in, and make the users members of it",
  });
  addExamples(addModeOptions(command), [
    "rdsiam grant -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --preset readonly --schema sales",
    "rdsiam grant … --privileges SELECT,INSERT --tables 'order*' --schema sales",
    "rdsiam grant … --preset readwrite --default-privileges --owner migrations",
  ]).action(async (target: string | undefined, options: AccessOptions) => {
    const [{ runAccess }, { grantWish }, mysql] = await Promise.all([
      import("../access/access_command.ts"),
      import("../access/wishes.ts"),
      import("../access/mysql_wishes.ts"),
    ]);
    await runAccess(target, options, invocation, {
      postgres: (users) => grantWish(users, options),
      mysql: (users, database) =>
        mysql.mysqlGrantWish(users, database, options),
      givesLogin: false,
    });
  });
}
