import type { MysqlWish } from "../../../core/access/mysql/wish.ts";
import type { AttemptOptions } from "../attempt.ts";
import type { FulfilPorts } from "../fulfil.ts";
import { attemptMysql, type MysqlOutcome } from "./attempt.ts";

/**
 * Makes a server as it is wished, and changes nothing that is so already. What would lock somebody out, or costs somebody
 * something, is refused beforehand; each statement stands by itself, and a second run goes on where one stopped.
 *
 * @throws {RdsiamError} `usage`, when the wish names what is not there or would cost somebody something; `failed`, when
 * nothing can be read or changed; `unreachable` and `refused` as logging in does
 */
export async function fulfilMysql(
  wish: MysqlWish,
  ports: FulfilPorts,
  options: AttemptOptions,
): Promise<MysqlOutcome> {
  await using session = await ports.logIn();
  const signal = options.apply ? ports.stopSignal() : undefined;
  return await attemptMysql(session, wish, options, signal);
}
