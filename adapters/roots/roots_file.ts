import { join } from "node:path";
import { userFolder } from "../../core/config/user_folder.ts";
import { replaceFile } from "../files/replace_file.ts";

/**
 * Where the roots that rdsiam carries are put for clients to read: in this user's folder for programs' data.
 *
 * @returns `undefined` when the environment names no home
 */
export function rootsPath(
  environment: Readonly<Record<string, string | undefined>>,
  os: string = Deno.build.os,
): string | undefined {
  const folder = userFolder("data", environment, os);
  return folder && join(folder, "rds-ca.pem");
}

/** Makes sure that a file holds these roots. It is no secret, and written only when it is not there or outdated. */
export async function provideRoots(path: string, pem: string): Promise<void> {
  const old = await Deno.readTextFile(path).catch(() => undefined);
  if (old === pem) return;
  await Deno.mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  await replaceFile(path, pem);
}
