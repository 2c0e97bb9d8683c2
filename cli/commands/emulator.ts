import type { Command } from "commander";
import type { EmulatorCommandOptions } from "../emulator/settings.ts";
import {
  addCommonOptions,
  addExamples,
  collect,
  type Invocation,
} from "../frame/command.ts";

/** Declares `emulator`. */
export function declare(command: Command, invocation: Invocation): void {
  command
    .option(
      "--engine <engine>",
      "postgres, mysql or mariadb: a real server of that kind (default: postgres)",
    )
    .option(
      "--listen <addr:port>",
      "where to listen, on loopback (default: a free port)",
    )
    .option("--endpoint <host[:port]>", "what tokens must be signed for")
    .option(
      "--region <region>",
      "region of the database (default: the endpoint's)",
    )
    .option(
      "--access-key <id:secret[:session-token]>",
      "key that may sign, repeatable (default: AWS's example key AKIAIOSFODNN7EXAMPLE)",
      collect,
    )
    .option(
      "--master <user:password>",
      "master user, no superuser (default: postgres or admin, and a generated password, printed)",
    )
    .option(
      "--token-lifetime <seconds>",
      "how long tokens are good for (default: 900)",
    )
    .option(
      "--admin-option-counts",
      "count memberships as stock PostgreSQL 16 and later do",
    )
    .option("--policy <file>", "IAM policy that must allow rds-db:connect")
    .option("--data <dir>", "folder of the data, kept (default: thrown away)")
    .option("--no-iam", "IAM authentication off (MySQL and MariaDB)")
    .option("--server <dir>", "installation of the server to run")
    .option("--postgres <dir>", "the same, for PostgreSQL")
    .option("--tls-dir <dir>", "folder to write its CA to, as ca.pem");
  addCommonOptions(command);
  addExamples(command, [
    "rdsiam emulator --tls-dir . --listen 127.0.0.1:5433",
    "rdsiam emulator --endpoint orders.abc.eu-west-1.rds.amazonaws.com --policy policy.json",
    "rdsiam emulator --engine mariadb --listen 127.0.0.1:3306",
  ]).action(async (options: EmulatorCommandOptions) => {
    const { runEmulator } = await import("../emulator/run.ts");
    await runEmulator(options, invocation);
  });
}
