/** The servers of MySQL and MariaDB that tests run on: this machine's own, and those that `.ci/run` unpacks. */

import { isMissing, skip } from "./programs.ts";

/** A server that tests run on. */
export interface TestServer {
  /** What test names call it. */
  name: string;
  engine: "mysql" | "mariadb";
  /** The folder of its installation; `undefined` for the one on PATH. */
  folder: string | undefined;
}

/** Where `.ci/run` unpacks servers: it must be a folder that every user can reach, since servers do not run as root. */
const UNPACKED = Deno.env.get("RDSIAM_TEST_SERVERS") ??
  `/var/tmp/rdsiam-servers-${Deno.uid()}`;

/** Every server, and every one of them in continuous integration. */
export const TEST_SERVERS: readonly TestServer[] = [
  { name: "MariaDB 10.11", engine: "mariadb", folder: undefined },
  {
    name: "MariaDB 11.8",
    engine: "mariadb",
    folder: `${UNPACKED}/mariadb-11.8`,
  },
  { name: "MySQL 9.7", engine: "mysql", folder: `${UNPACKED}/mysql-9.7` },
];

/** The options of `rdsiam emulator` that start this server. */
export function serverOptions({ engine, folder }: TestServer): string[] {
  return [
    ...["--engine", engine],
    ...(folder === undefined ? [] : ["--server", folder]),
  ];
}

/** Whether a test has to be skipped for want of a server or the C compiler that the emulator needs. */
export async function isServerMissing(
  t: Deno.TestContext,
  { name, folder }: TestServer,
): Promise<boolean> {
  if (await isMissing(t, "cc")) return true;
  if (folder === undefined) return await isMissing(t, "mariadbd");
  try {
    await Deno.stat(`${folder}/whole`);
    return false;
  } catch {
    await skip(t, `${name} is not in ${folder}; .ci/run unpacks it`);
    return true;
  }
}

/** Declares a test for each of the servers. */
export function serverTest(
  name: string,
  test: (server: TestServer, t: Deno.TestContext) => Promise<void>,
  servers = TEST_SERVERS,
): void {
  for (const server of servers) {
    Deno.test(`${server.name}: ${name}`, async (t) => {
      if (!await isServerMissing(t, server)) await test(server, t);
    });
  }
}
