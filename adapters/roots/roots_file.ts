import { join } from "node:path";
import { replaceFile } from "../files/replace_file.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the roots that rdsiam carries are put for clients to read: in this user's folder for programs' data.
 *
 * @returns `undefined` when the environment names no home
 */
export function rootsPath(
  { HOME, XDG_DATA_HOME, LOCALAPPDATA }: Environment,
  os: string = Deno.build.os,
): string | undefined {
  switch (os) {
    case "windows":
      return LOCALAPPDATA && `${LOCALAPPDATA}\\rdsiam\\rds-ca.pem`;
    case "darwin":
      return HOME &&
        join(HOME, "Library/Application Support/rdsiam/rds-ca.pem");
    default: {
      const data = XDG_DATA_HOME || (HOME && join(HOME, ".local/share"));
      return data && join(data, "rdsiam/rds-ca.pem");
    }
  }
}

/** Makes sure that a file holds these roots. It is no secret, and written only when it is not there or outdated. */
export async function provideRoots(path: string, pem: string): Promise<void> {
  const old = await Deno.readTextFile(path).catch(() => undefined);
  if (old === pem) return;
  await Deno.mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  await replaceFile(path, pem);
}
