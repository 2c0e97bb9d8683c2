import type { EnvironmentChange, Login } from "./child_env.ts";
import type { ClientFile, Launch } from "./engine.ts";
import { RdsiamError } from "../errors.ts";
import { dialledAddress, type LoginTarget } from "./login_target.ts";
import { type Flavor, formatOptionGroups } from "./mysql_option_file.ts";

/** Programs that read the group `[client]` of an option file. */
const PROGRAM =
  /^(?:mysql(?:dump|admin|check|import|show|slap|pump|binlog)?|mariadb(?:-(?:dump|admin|check|import|show|slap|binlog))?)$/;

/** Option files that the programs read by themselves, but for those of `--defaults-file`. */
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
  if (login.kind === "proxy") throw noProxy();
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

/**
 * The option file of a client: the login and the certificates it must verify, after the user's own files, so that what
 * is in it wins. With the password in the environment those stay out, since a password in them would win.
 *
 * @throws {RdsiamError} `usage`, when the login shall be in a file and the program is not known to read one
 */
export function mysqlClientFile(
  { command, via, environment }: Launch,
): ClientFile | undefined {
  if (via === "proxy") throw noProxy();
  const [program, ...args] = command;
  const name = program.replace(/^.*[\\/]/, "").replace(/\.exe$/i, "");
  if (!PROGRAM.test(name)) {
    if (via === "password") return undefined;
    throw new RdsiamError(
      "usage",
      `"${name}" is not known to read an option file of MySQL`,
      { hint: "Pass --via password: it gets the token in MYSQL_PWD" },
    );
  }
  const flavor: Flavor = name.startsWith("mariadb") ? "mariadb" : "both";
  const home = environment.HOME;
  const files = [...GLOBAL_FILES, ...(home ? [`${home}/.my.cnf`] : [])];
  return {
    name: "my.cnf",
    format: (target, token) =>
      [
        ...(via === "passfile" ? files.map((path) => `!include ${path}`) : []),
        ...formatOptionGroups(target, {
          flavor,
          suffix: "",
          password: via === "passfile" ? token : undefined,
        }),
        "",
      ].join("\n"),
    command: (path) => [program, `--defaults-file=${path}`, ...args],
  };
}

function noProxy(): RdsiamError {
  return new RdsiamError(
    "usage",
    "The proxy speaks PostgreSQL's protocol alone",
    {
      hint: "Pass --via passfile or --via password",
    },
  );
}
