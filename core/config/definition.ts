import { ENGINE_NAMES } from "../engine/engines.ts";
import { SSL_MODES } from "../engine/login_target.ts";
import type { TargetField } from "../target/fields.ts";
import type { TableShape, ValueOf } from "./shape.ts";

/** The keys of one target. */
export const TARGET_SHAPE = {
  kind: "table",
  about: "a database and who logs in to it",
  keys: {
    host: {
      kind: "text",
      about: "endpoint host name, or an alias of it",
      required: true,
    },
    port: {
      kind: "integer",
      about: "endpoint port; default: the engine's",
      minimum: 1,
      maximum: 65535,
    },
    database: { kind: "text", about: "database; default: the user name" },
    username: {
      kind: "text",
      about: "database user that logs in with IAM",
    },
    profile: { kind: "text", about: "AWS shared-config profile" },
    region: {
      kind: "text",
      about: "region to sign for; default: the endpoint's",
    },
    role_arn: { kind: "text", about: "role to assume before signing" },
    connect: {
      kind: "text",
      about: "ADDR[:PORT] to dial instead, such as the near end of a tunnel",
    },
    tunnel: {
      kind: "text",
      about:
        "tunnel to a private database: ssh:[USER@]BASTION[:PORT], ssm:INSTANCE_ID, ssm:tag:KEY=VALUE, ecs:CLUSTER/SERVICE, socks5://HOST:PORT, or a command with %h and %p",
    },
    sslmode: {
      kind: "text",
      about: "how the server is verified; default: verify-full",
      choices: SSL_MODES,
    },
    sslrootcert: {
      kind: "text",
      about:
        "file of trusted roots, or system; default: the AWS RDS bundle within rdsiam",
    },
    engine: {
      kind: "text",
      about: "kind of database; default: postgres",
      choices: ENGINE_NAMES,
    },
    admin: {
      kind: "table",
      about: "who setup-db, grant and revoke log in as",
      keys: {
        username: { kind: "text", about: "administrator's user name" },
        auth: {
          kind: "text",
          about:
            "password (from PGPASSWORD, the passfile or a prompt) or iam (a token); default: password",
          choices: ["password", "iam"],
        },
      },
    },
  },
} as const satisfies TableShape;

const SYNC = {
  kind: "table",
  about: "a client's file that rdsiam sync keeps fresh",
  keys: {
    writer: {
      kind: "text",
      about: "name of a writer, or path of its module",
      required: true,
    },
    path: {
      kind: "text",
      about:
        "file, - for standard output, |COMMAND for a command's input; default: the writer's own",
    },
    targets: {
      kind: "texts",
      about: "names of targets; default: all of them",
    },
    options: { kind: "options", about: "what the writer is made with" },
    on_refresh: {
      kind: "text",
      about: "command for the shell to run after a change",
    },
  },
} as const satisfies TableShape;

/** Names that a shell takes unquoted, and that are no option, URL or `service:NAME`. */
export const TARGET_NAME = "^[A-Za-z0-9_][A-Za-z0-9_.@-]*$";

/** Every key of the configuration file. */
export const CONFIG_SHAPE = {
  kind: "table",
  about: "configuration of rdsiam: rdsiam.toml, or the user's own config.toml",
  keys: {
    default_target: {
      kind: "text",
      about: "name of the target that is meant where none is named",
    },
    targets: {
      kind: "named",
      about: "databases by their names",
      what: "target",
      pattern: TARGET_NAME,
      each: TARGET_SHAPE,
    },
    sync: {
      kind: "tables",
      about: "clients' files that rdsiam sync keeps fresh",
      each: SYNC,
    },
  },
} as const satisfies TableShape;

/** The key of each field of a target. */
export const TARGET_KEYS: Readonly<
  Record<TargetField, Exclude<keyof typeof TARGET_SHAPE.keys, "admin">>
> = {
  host: "host",
  port: "port",
  username: "username",
  dbname: "database",
  region: "region",
  profile: "profile",
  roleArn: "role_arn",
  connect: "connect",
  tunnel: "tunnel",
  sslmode: "sslmode",
  sslrootcert: "sslrootcert",
  engine: "engine",
};

/** A configuration file's content, checked. */
export type ConfigDocument = ValueOf<typeof CONFIG_SHAPE>;

/** One target of a configuration file, checked. */
export type TargetTable = ValueOf<typeof TARGET_SHAPE>;

/** One `[[sync]]` of a configuration file, checked. */
export type SyncTable = ValueOf<typeof SYNC>;
