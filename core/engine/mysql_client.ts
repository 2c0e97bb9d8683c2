import type { EnvironmentChange, Login } from "./child_env.ts";
import type { ClientFile, Dialling, Launch } from "./engine.ts";
import { RdsiamError } from "../errors.ts";
import { dialledAddress, type LoginTarget } from "./login_target.ts";
import {
  type Flavor,
  formatLocalGroups,
  formatOptionGroups,
} from "./mysql_option_file.ts";

/** Programs that read the group `[client]` of an option file. */
const PROGRAM =
  /^(?:mysql(?:dump|admin|check|import|show|slap|pump|binlog)?|mariadb(?:-(?:dump|admin|check|import|show|slap|binlog))?)$/;

/** Those of the machine. */
const GLOBAL_FILES = ["/etc/my.cnf", "/etc/mysql/my.cnf"];

/**
 * The environment of a client of MySQL or MariaDB (MySQL manual, "Environment Variables"). `MYSQL_USER` and
 * `MYSQL_DATABASE` are read by programs around them alone, as nothing in the environment asks for TLS: the option file
 * does that.
 */
export function mysqlEnvironment(
  target: LoginTarget,
  login: Login,
): EnvironmentChange {
  if (login.kind === "proxy") return proxyEnvironment(target, login);
  const { host, port } = dialledAddress(target);
  return {
    set: {
      MYSQL_HOST: host,
      MYSQL_TCP_PORT: String(port),
      MYSQL_USER: target.username,
      ...(target.database !== "" && { MYSQL_DATABASE: target.database }),
      LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN: "1",
      ...(login.kind === "passfile"
        // The login file of mysql_config_editor would beat an option file; this one is not there.
        ? { MYSQL_TEST_LOGIN_FILE: `${login.path}.none` }
        : { MYSQL_PWD: login.token.reveal() }),
    },
    unset: [],
  };
}

/** A client of the local endpoint: what the database's own connection is like is the proxy's business. */
function proxyEnvironment(
  { username, database }: LoginTarget,
  { host, port, password }: Login & { kind: "proxy" },
): EnvironmentChange {
  return {
    set: {
      MYSQL_HOST: host,
      MYSQL_TCP_PORT: String(port),
      MYSQL_USER: username,
      ...(database !== "" && { MYSQL_DATABASE: database }),
      MYSQL_PWD: password.reveal(),
    },
    unset: [],
  };
}

/** The name of a program without its folder. */
function nameOf(program: string): string {
  return program.replace(/^.*[\\/]/, "").replace(/\.exe$/i, "");
}

/** The option files that programs read by themselves, but for those that are given another. */
export function mysqlUserFiles(
  { HOME }: Readonly<Record<string, string>>,
): readonly string[] {
  return [...GLOBAL_FILES, ...(HOME ? [`${HOME}/.my.cnf`] : [])];
}

/**
 * How a program gets its login by default: in an option file where it reads one; and through a local endpoint where
 * it does not, or could not verify the server, since these clients look in the certificate for the name that they dial.
 */
export function mysqlDefaultVia(
  { program, isElsewhere, sslrootcert }: Dialling,
): Login["kind"] {
  const isKnown = PROGRAM.test(nameOf(program));
  return isKnown && !isElsewhere && sslrootcert !== "system"
    ? "passfile"
    : "proxy";
}

/** Whether a program's name is MySQL's: MariaDB's programs may have it too. */
export function hasSharedName(program: string): boolean {
  const name = nameOf(program);
  return PROGRAM.test(name) && name.startsWith("mysql");
}

/** Whose program it is, as far as its name and its version tell. */
function flavorOf(name: string, version: string | undefined): Flavor {
  if (name.startsWith("mariadb")) return "mariadb";
  if (version?.includes("MariaDB")) return "mariadb";
  // One of MySQL's own knows less than the others.
  return version && name !== "mysqlbinlog" ? "mysql" : "both";
}

/**
 * The option file of a client: the login and the certificates it must verify, after the user's own files, so that what
 * is in it wins. With the password in the environment those stay out, since a password in them would win.
 *
 * @throws {RdsiamError} `usage`, when the login shall be in a file and the program is not known to read one
 */
export function mysqlClientFile(
  { command, via, userFiles, version }: Launch,
): ClientFile | undefined {
  const [program, ...args] = command;
  const name = nameOf(program);
  if (!PROGRAM.test(name)) {
    if (via !== "passfile") return undefined;
    throw new RdsiamError(
      "usage",
      `"${name}" is not known to read an option file of MySQL`,
      { hint: "Pass --via proxy: it gets a local endpoint in MYSQL_HOST" },
    );
  }
  const flavor = flavorOf(name, version);
  return {
    name: "my.cnf",
    format: (target, secret) =>
      [
        ...(via === "password"
          ? []
          : userFiles.map((path) => `!include ${path}`)),
        ...(via === "proxy"
          ? formatLocalGroups(target, flavor, secret)
          : formatOptionGroups(target, {
            flavor,
            suffix: "",
            password: via === "passfile" ? secret : undefined,
          })),
        "",
      ].join("\n"),
    command: (path) => [program, `--defaults-file=${path}`, ...args],
  };
}
