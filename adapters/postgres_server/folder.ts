import { join } from "node:path";
import {
  createServerFolder,
  removeServerFolder,
  type ServerFolder,
} from "../local_server/folder.ts";
import { POSTGRES } from "./kind.ts";
import { giveTo, type ServerUser } from "../local_server/server_user.ts";

/** Who may log in how: over the socket whoever gets to its folder, over TCP whoever has a password. */
const LOGIN_RULES =
  `# Made by rdsiam; the socket is in a folder that is closed to others.
local all         all trust
local replication all trust
host  all         all 127.0.0.1/32 md5
host  replication all 127.0.0.1/32 md5
`;

/** A folder for what goes when the server goes. */
export interface PostgresFolder extends ServerFolder {
  /** A file in it that says who may log in how. */
  hbaFile: string;
}

/**
 * Makes a temporary folder for a server, closed to all users but the server's (and root).
 *
 * @param parent where to make it; left out, it is this machine's temporary folder
 * @throws {RdsiamError} `failed`, when the temporary folder of this machine does not do
 */
export async function createPostgresFolder(
  user: ServerUser | undefined,
  parent?: string,
): Promise<PostgresFolder> {
  const socketName = ".s.PGSQL.65535";
  const made = await createServerFolder(POSTGRES, user, socketName, parent);
  const hbaFile = join(made.folder, "pg_hba.conf");
  try {
    await Deno.writeTextFile(hbaFile, LOGIN_RULES);
    await giveTo(user, hbaFile);
  } catch (error) {
    await removeServerFolder(made.folder);
    throw error;
  }
  return { ...made, hbaFile };
}
