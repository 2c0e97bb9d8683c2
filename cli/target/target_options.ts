import type { Command } from "commander";
import { ENGINE_NAMES } from "../../core/engine/engines.ts";
import { SSL_MODES } from "../../core/engine/login_target.ts";
import type { TargetFields } from "../../core/target/fields.ts";
import { offer } from "../frame/command.ts";

/** The options that say which database. */
export interface TargetOptions extends TargetFields {
  /** The configuration file to read. */
  config?: string;
}

const TARGET =
  "name in the configuration file, service:NAME of pg_service.conf, or postgres://user@host:port/db URL";

/** Adds `[target]` and the options that say which database. */
export function addTargetOptions(command: Command): Command {
  return addFieldOptions(
    command.argument("[target]", `${TARGET} (env: RDSIAM_TARGET)`),
  );
}

/** Adds `[target...]` and the options that say which databases. */
export function addTargetsOptions(command: Command): Command {
  return addFieldOptions(
    command.argument(
      "[target...]",
      `${TARGET} (env: RDSIAM_TARGET; default: every target of the configuration)`,
    ),
  );
}

function addFieldOptions(command: Command): Command {
  command
    .option("-h, --host <host>", "endpoint host name (env: PGHOST)")
    .option(
      "-p, --port <port>",
      "endpoint port, default 5432, mysql 3306 (env: PGPORT)",
    )
    .option(
      "-U, --username <name>",
      "database user that logs in with IAM (env: PGUSER)",
    )
    .option(
      "-d, --dbname <name>",
      "database, default the user name (env: PGDATABASE)",
    )
    .option(
      "--region <region>",
      "region to sign for, default the endpoint's (env: AWS_REGION)",
    )
    .option("--profile <name>", "AWS shared-config profile (env: AWS_PROFILE)")
    .option("--role-arn <arn>", "role to assume before signing")
    .option(
      "--connect <addr[:port]>",
      "dial this instead, such as the near end of a tunnel (env: PGHOSTADDR)",
    )
    .option(
      "--tunnel <spec>",
      "reach a private database: ssh:BASTION, ssm:INSTANCE_ID, ssm:tag:KEY=VALUE, ecs:CLUSTER/SERVICE, socks5://HOST:PORT, or a command with %h and %p (env: RDSIAM_TUNNEL)",
    )
    .option(
      "--sslmode <mode>",
      "verify-full (default); weaker, with a warning: verify-ca, require (env: PGSSLMODE, which can only strengthen)",
    )
    .option(
      "--sslrootcert <file>",
      "trusted roots, default AWS's for the region (env: PGSSLROOTCERT)",
    )
    .option("--engine <name>", "postgres (default), mysql or mariadb");
  return addConfigOption(offerFieldValues(command));
}

/** Says what the options that say which database may be completed with. */
export function offerFieldValues(command: Command): Command {
  offer(command, "--profile", "profiles");
  offer(command, "--sslmode", SSL_MODES);
  return offer(command, "--engine", ENGINE_NAMES);
}

/** Adds the option that names the configuration file. */
export function addConfigOption(command: Command): Command {
  return command.option(
    "--config <file>",
    "configuration file, default rdsiam.toml upwards from here, then the user's own (env: RDSIAM_CONFIG)",
  );
}
