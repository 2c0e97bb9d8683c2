import { join } from "node:path";
import { RdsiamError } from "../core/errors.ts";
import { canEnter, giveTo, type ServerUser } from "./server_user.ts";

/** The size of `sun_path` in a socket's address, less the final zero. */
const SOCKET_PATH_LIMIT = Deno.build.os === "linux" ? 107 : 103;

/** Who may log in how: over the socket whoever gets to its folder, over TCP whoever has a password. */
const LOGIN_RULES =
  `# Made by rdsiam; the socket is in a folder that is closed to others.
local all         all trust
local replication all trust
host  all         all 127.0.0.1/32 md5
host  replication all 127.0.0.1/32 md5
`;

/** A folder for what goes when the server goes. */
export interface ServerFolder {
  /** Its path, absolute. */
  folder: string;
  /** A folder in it for the server's socket, closed to other users. */
  socketFolder: string;
  /** A file in it that says who may log in how. */
  hbaFile: string;
}

/**
 * Makes a temporary folder for a server, closed to all users but the server's (and root).
 *
 * @throws {RdsiamError} `failed`, when the temporary folder of this machine does not do
 */
export async function createServerFolder(
  user: ServerUser | undefined,
): Promise<ServerFolder> {
  const folder = await makeFolder();
  const socketFolder = join(folder, "socket");
  const hbaFile = join(folder, "pg_hba.conf");
  try {
    checkSocketPath(socketFolder);
    await giveTo(user, folder);
    if (user !== undefined && !await canEnter(user, folder)) {
      throw folderError(
        `user ${user.name}, as whom it runs, cannot reach "${folder}"`,
      );
    }
    await Deno.mkdir(socketFolder, { mode: 0o700 });
    await giveTo(user, socketFolder);
    await Deno.writeTextFile(hbaFile, LOGIN_RULES);
    await giveTo(user, hbaFile);
  } catch (error) {
    await removeServerFolder(folder);
    throw error;
  }
  return { folder, socketFolder, hbaFile };
}

/** Removes the folder and all that is in it. */
export async function removeServerFolder(folder: string): Promise<void> {
  // Most often the server's supervisor has removed it already.
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

async function makeFolder(): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: "rdsiam-pg-" });
  } catch (cause) {
    throw folderError(cause instanceof Error ? cause.message : String(cause));
  }
}

function checkSocketPath(folder: string) {
  const bytes = new TextEncoder().encode(join(folder, ".s.PGSQL.65535")).length;
  if (bytes > SOCKET_PATH_LIMIT) {
    throw folderError(
      `the path of its socket in "${folder}" is longer than ${SOCKET_PATH_LIMIT} bytes`,
    );
  }
}

function folderError(why: string): RdsiamError {
  return new RdsiamError("failed", `PostgreSQL cannot be started: ${why}`, {
    hint:
      "Set TMPDIR to a folder with a short path that every user can reach, such as /tmp",
  });
}
