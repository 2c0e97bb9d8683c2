import { type ProgramResult, runProgram } from "../process/run_program.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { ServerKind } from "./kind.ts";

/** The user that a server runs as. */
export interface ServerUser {
  /** The number of the user. */
  uid: number;
  /** The number of its group. */
  gid: number;
  /** What to call it in a message. */
  name: string;
}

/**
 * Whom a server must run as, since none is to run as root: `undefined` stands for this process's own user. As root it is
 * the owner of the data folder, else the first of the kind's users that this machine has.
 *
 * @param data The data folder; left out, it is a new one.
 * @throws {RdsiamError} `failed`, when this is root and there is no such user
 */
export async function findServerUser(
  { product, users: candidates }: ServerKind,
  data?: string,
): Promise<ServerUser | undefined> {
  if (Deno.uid() !== 0) return undefined;
  if (data !== undefined) {
    const { uid, gid } = await Deno.stat(data);
    if (uid !== null && gid !== null && uid !== 0) {
      return { uid, gid, name: `number ${uid}` };
    }
  }
  const users = parseUsers(await Deno.readTextFile("/etc/passwd"));
  for (const name of candidates) {
    const user = users.get(name);
    if (user !== undefined) return user;
  }
  throw new RdsiamError(
    "failed",
    `${product} cannot be started: it does not run as root, and there is no user ${
      candidates.map((name) => `"${name}"`).join(" or ")
    }`,
    { hint: "Run this as another user" },
  );
}

/**
 * What every process of the server starts with: its user, a folder that it can read, and none of our secrets.
 *
 * @param environment where programs and libraries are found by; left out, it is this process's own
 */
export function serverProcess(
  user: ServerUser | undefined,
  environment: Readonly<Record<string, string>> = Deno.env.toObject(),
): {
  cwd: string;
  clearEnv: true;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  const env: Record<string, string> = {
    PATH: `${environment.PATH ?? ""}:/usr/bin:/bin`,
    LC_ALL: "C",
    TZ: "UTC",
  };
  const libraries = environment.LD_LIBRARY_PATH;
  if (libraries !== undefined) env.LD_LIBRARY_PATH = libraries;
  const base = { cwd: "/", clearEnv: true as const, env };
  return user === undefined ? base : { ...base, uid: user.uid, gid: user.gid };
}

/** Makes a file or folder the server user's own; for our own user there is nothing to do. */
export async function giveTo(
  user: ServerUser | undefined,
  path: string,
): Promise<void> {
  if (user !== undefined) await Deno.chown(path, user.uid, user.gid);
}

/** Runs a program to its end as the server's user, as {@linkcode runProgram} does. */
export async function runAs(
  user: ServerUser | undefined,
  command: readonly [string, ...string[]],
): Promise<ProgramResult> {
  const { env, cwd, uid, gid } = serverProcess(user);
  return await runProgram(command, {
    environment: env,
    as: {
      cwd,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    },
  });
}

/** Whether the server user can enter a folder. It may be its own, and yet lie below one that is closed to it. */
export async function canEnter(
  user: ServerUser | undefined,
  folder: string,
): Promise<boolean> {
  const enter = ["/bin/sh", "-c", 'cd -- "$1"', "sh", folder] as const;
  return (await runAs(user, enter)).code === 0;
}

/** Users by name, from the text of `/etc/passwd`. */
function parseUsers(passwd: string): Map<string, ServerUser> {
  const users = new Map<string, ServerUser>();
  for (const line of passwd.split("\n")) {
    const [name = "", , uid, gid] = line.split(":");
    if (name.startsWith("#") || uid === undefined || gid === undefined) {
      continue;
    }
    // macOS writes nobody's number as -2.
    users.set(name, { name, uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return users;
}
