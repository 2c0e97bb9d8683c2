/** A MySQL or MariaDB for benchmarks, and the ways to it. */
import type { TestServer } from "../../../tests/mysql_servers.ts";
import {
  BY_TOKEN,
  type MysqlEmulator,
  startMysqlEmulator,
} from "../../../tests/e2e/emulator/mysql_emulator.ts";
import { startProxy } from "../../../tests/e2e/proxy/proxy.ts";

/** The user, who logs in with a token. */
export const USERNAME = "app";

/** A user with a password, for peers that know no tokens. */
export const PEER = { username: "peer", password: "peer-password" };

/** Starts the emulator on a server, with a database `shop` for both users. */
export async function startMysql(
  server: TestServer,
  resources: AsyncDisposableStack,
): Promise<MysqlEmulator> {
  const emulator = resources.use(await startMysqlEmulator(server));
  await emulator.query(
    `create user ${USERNAME} ${BY_TOKEN}`,
    `create user ${PEER.username} identified by '${PEER.password}'`,
    "create database shop",
    ...[USERNAME, PEER.username].map((user) =>
      `grant select, insert, update, delete, create, drop on shop.* to ${user}`
    ),
  );
  return emulator;
}

/** Starts `rdsiam proxy`, without a limit of logins unless `more` says one. */
export async function startMysqlProxy(
  { options }: MysqlEmulator,
  resources: AsyncDisposableStack,
  ...more: string[]
) {
  return resources.use(
    await startProxy([
      ...[...options, "-U", USERNAME, "-d", "shop", "--connect-rate", "0"],
      ...more,
    ]),
  );
}
