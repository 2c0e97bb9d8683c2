import type { Command } from "commander";
import { addExamples, type Invocation } from "../frame/command.ts";
import {
  addAccessOptions,
  addModeOptions,
  type RevokeOptions,
} from "../access/options.ts";

/** Declares `revoke`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that loses privileges",
    publicCrud:
      "the four verbs on all tables of schema public; of MySQL, on the database",
    group:
      "the users leave this role; with privileges and no --user: these are taken from the role",
  })
    .option(
      "--iam",
      "take the IAM login: rds_iam; an account of MySQL is locked, as it has no other",
    )
    .option(
      "--all",
      "take all privileges in this database, and hand over what the users own in it",
    )
    .option(
      "--drop-role",
      "the same, and drop the users; policies and what is outside of this database take --force",
    )
    .option(
      "--reassign-to <role>",
      "who gets what they own (default: the administrator)",
    );
  addExamples(addModeOptions(command), [
    "rdsiam revoke -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --grant-public-crud",
    "rdsiam revoke … --user jane.doe@example.com --drop-role --dry-run",
  ]).action(async (target: string | undefined, options: RevokeOptions) => {
    const [{ runAccess }, { revokeWish }, mysql] = await Promise.all([
      import("../access/access_command.ts"),
      import("../access/wishes.ts"),
      import("../access/mysql_wishes.ts"),
    ]);
    await runAccess(target, options, invocation, {
      postgres: (users) => revokeWish(users, options),
      mysql: (users, database) =>
        mysql.mysqlRevokeWish(users, database, options),
      givesLogin: false,
    });
  });
}
