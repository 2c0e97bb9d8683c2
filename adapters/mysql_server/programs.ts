import { basename, delimiter, dirname, join, resolve } from "node:path";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { namesIn } from "../files/names_in.ts";
import { runAs, type ServerUser } from "../local_server/server_user.ts";

/** Whose server it is: their clients and statements differ. */
export type MysqlEngine = "mysql" | "mariadb";

/** Server programs that run on this machine. */
export interface MysqlPrograms {
  /** The server, absolute. */
  server: string;
  /** The root of its installation, which holds its `share` folder: `/usr`. */
  base: string;
  /** The folder of its messages: it holds `english/errmsg.sys`. */
  messages: string;
  /** The version, such as `10.11.19`. */
  version: string;
}

/** What a message calls each of them. */
export const PRODUCTS: Readonly<Record<MysqlEngine, string>> = {
  mysql: "MySQL",
  mariadb: "MariaDB",
};

/** The names of the server's program, best first. MariaDB's own is called mysqld before 10.4. */
const NAMES: Readonly<Record<MysqlEngine, readonly string[]>> = {
  mysql: ["mysqld"],
  mariadb: ["mariadbd", "mysqld"],
};

/** Folders that servers are installed in beside those of PATH, which seldom has a `sbin` for ordinary users. */
const FOLDERS: Readonly<Record<MysqlEngine, readonly string[]>> = {
  mysql: [
    "/usr/sbin",
    "/usr/libexec",
    "/usr/local/mysql/bin",
    "/opt/homebrew/opt/mysql/bin",
    "/usr/local/opt/mysql/bin",
  ],
  mariadb: [
    "/usr/sbin",
    "/usr/libexec",
    "/opt/homebrew/opt/mariadb/bin",
    "/usr/local/opt/mariadb/bin",
  ],
};

const INSTALL: Readonly<Record<MysqlEngine, string>> = {
  mysql:
    "Install a MySQL server (such as mysql-server), or name its folder with --server DIR",
  mariadb:
    "Install a MariaDB server (Debian: mariadb-server-core), or name its folder with --server DIR",
};

/**
 * Finds the programs of a server and makes sure that they run.
 *
 * @param directory the root of an installation or the folder of its programs; left out, PATH and the usual folders
 * @param user the user to run them as; `undefined` for our own
 * @throws {RdsiamError} `usage` when there are none in the given folder, `failed` when this machine has none
 */
export async function findMysqlPrograms(
  engine: MysqlEngine,
  directory: string | undefined,
  user: ServerUser | undefined,
): Promise<MysqlPrograms> {
  const folders = directory === undefined
    ? [...pathFolders(), ...FOLDERS[engine]]
    : ["", "bin", "sbin", "libexec"].map((name) =>
      join(resolve(directory), name)
    );
  let failure: string | undefined;
  for (const folder of folders) {
    for (const name of NAMES[engine]) {
      if (!(await namesIn(folder)).includes(name)) continue;
      const found = await inspect(engine, join(folder, name), user);
      if (typeof found !== "string") return found;
      failure ??= `"${join(folder, name)}" ${found}`;
    }
  }
  const product = PRODUCTS[engine];
  if (directory !== undefined) {
    throw new RdsiamError(
      "usage",
      `${product} cannot be used from "${directory}": ${
        failure ??
          `neither it nor its bin or sbin folder has ${
            NAMES[engine].join(" or ")
          }`
      }`,
      { hint: "Give --server the folder that holds bin and share" },
    );
  }
  throw new RdsiamError(
    "failed",
    `${product} cannot be started: ${
      failure ?? `this machine has no program of a ${product} server`
    }`,
    { hint: INSTALL[engine] },
  );
}

function pathFolders(): string[] {
  return (Deno.env.get("PATH") ?? "").split(delimiter).filter((folder) =>
    folder.startsWith("/")
  );
}

/** What a program is, or why it does not do. */
async function inspect(
  engine: MysqlEngine,
  server: string,
  user: ServerUser | undefined,
): Promise<MysqlPrograms | string> {
  let text: string;
  try {
    const { stdout, stderr } = await runAs(user, [
      server,
      "--no-defaults",
      "--version",
    ]);
    text = stdout || stderr;
  } catch (error) {
    return `cannot be run: ${errorMessage(error)}`;
  }
  const [, version] = /\bVer (\d+\.\d+\.\d+)/.exec(text) ?? [];
  if (version === undefined) {
    return `does not tell its version: ${text.split("\n")[0]}`;
  }
  const isMariadb = text.includes("MariaDB");
  if (isMariadb !== (engine === "mariadb")) {
    return `is the server of ${isMariadb ? "MariaDB" : "MySQL"}`;
  }
  // A link, as Homebrew's, and the share folder lies beside the file that it leads to.
  for (const path of [server, await Deno.realPath(server)]) {
    const base = dirname(dirname(path));
    const messages = await messagesFolder(base);
    if (messages !== undefined) return { server, base, messages, version };
  }
  return "has no share folder beside it with english/errmsg.sys";
}

async function messagesFolder(base: string): Promise<string | undefined> {
  const share = join(base, "share");
  const names = (await namesIn(share)).filter((name) =>
    /^(mysql|mariadb)/.test(name)
  );
  for (const folder of [...names.map((name) => join(share, name)), share]) {
    if ((await namesIn(join(folder, "english"))).includes("errmsg.sys")) {
      return folder;
    }
  }
  return undefined;
}

/** What a program is called, for a message. */
export function programName(path: string): string {
  return basename(path);
}
