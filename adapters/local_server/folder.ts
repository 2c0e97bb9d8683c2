import { dirname, join } from "node:path";
import { errorMessage, RdsiamError } from "../../core/errors.ts";
import { canEnter, giveTo, type ServerUser } from "./server_user.ts";
import type { ServerKind } from "./kind.ts";

/** The size of `sun_path` in a socket's address, less the final zero. */
const SOCKET_PATH_LIMIT = Deno.build.os === "linux" ? 107 : 103;

/** A folder for what goes when the server goes. */
export interface ServerFolder {
  /** Its path, absolute. */
  folder: string;
  /** A folder in it for the server's socket, closed to other users. */
  socketFolder: string;
}

/**
 * Makes a temporary folder for a server, closed to all users but the server's (and root).
 *
 * @param socketName the longest name that a socket in it may have
 * @param parent where to make it; left out, it is this machine's temporary folder
 * @throws {RdsiamError} `failed`, when the temporary folder of this machine does not do
 */
export async function createServerFolder(
  { product }: ServerKind,
  user: ServerUser | undefined,
  socketName: string,
  parent?: string,
): Promise<ServerFolder> {
  const folder = await makeFolder(product, parent);
  const socketFolder = join(folder, "socket");
  try {
    checkSocketPath(product, join(socketFolder, socketName));
    await giveTo(user, folder);
    if (user !== undefined && !await canEnter(user, folder)) {
      throw folderError(
        product,
        `user ${user.name}, as whom it runs, cannot reach "${folder}"`,
      );
    }
    await Deno.mkdir(socketFolder, { mode: 0o700 });
    await giveTo(user, socketFolder);
  } catch (error) {
    await removeServerFolder(folder);
    throw error;
  }
  return { folder, socketFolder };
}

/** Removes the folder and all that is in it. */
export async function removeServerFolder(folder: string): Promise<void> {
  // Most often the server's supervisor has removed it already.
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

async function makeFolder(product: string, dir?: string): Promise<string> {
  try {
    return await Deno.makeTempDir({
      prefix: "rdsiam-db-",
      ...(dir !== undefined && { dir }),
    });
  } catch (cause) {
    const why = errorMessage(cause);
    throw folderError(product, why);
  }
}

function checkSocketPath(product: string, socket: string) {
  const bytes = new TextEncoder().encode(socket).length;
  if (bytes > SOCKET_PATH_LIMIT) {
    throw folderError(
      product,
      `the path of its socket in "${
        dirname(socket)
      }" is longer than ${SOCKET_PATH_LIMIT} bytes`,
    );
  }
}

function folderError(product: string, why: string): RdsiamError {
  return new RdsiamError("failed", `${product} cannot be started: ${why}`, {
    hint:
      "Set TMPDIR to a folder with a short path that every user can reach, such as /tmp",
  });
}
