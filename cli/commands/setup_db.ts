import type { Command } from "commander";
import { addExamples, type Invocation } from "../frame/command.ts";
import {
  addAccessOptions,
  addModeOptions,
  type SetupDbOptions,
} from "../access/options.ts";

/** Declares `setup-db`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that will log in with IAM, created if missing",
    publicCrud:
      "SELECT, INSERT, UPDATE, DELETE on all tables of schema public, and what that takes; of MySQL, on the database",
    group:
      "grant to this role, which cannot log in, created if missing, and make the users members of it",
  }).option(
    "--create-rds-iam",
    "create rds_iam if missing: for a server other than RDS",
  );
  addExamples(addModeOptions(command), [
    "rdsiam setup-db -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --grant-public-crud",
    "rdsiam setup-db --admin-url postgres://postgres@orders.abc.eu-west-1.rds.amazonaws.com/orders --user jane.doe@example.com --preset readonly --dry-run",
  ]).action(async (target: string | undefined, options: SetupDbOptions) => {
    const [{ runAccess }, { setupWish }, mysql] = await Promise.all([
      import("../access/access_command.ts"),
      import("../access/wishes.ts"),
      import("../access/mysql_wishes.ts"),
    ]);
    await runAccess(target, options, invocation, {
      postgres: (users) => setupWish(users, options),
      mysql: (users, database) =>
        mysql.mysqlSetupWish(users, database, options),
      givesLogin: true,
    });
  });
}
