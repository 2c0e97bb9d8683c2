import type { TokenVerdict } from "../serve_client.ts";

/** Who wants in, as the server's plugin tells it. */
export interface MysqlLogin {
  username: string;
  /** The client's address. */
  host: string;
  token: string;
}

/** Judges the logins of IAM accounts, and logs what became of each; names come from clients, and so they are quoted. */
export function createLoginJudge(
  judge: (username: string, token: string) => Promise<TokenVerdict>,
  log: (line: string) => void,
): (login: MysqlLogin) => Promise<boolean> {
  return async ({ username, host, token }) => {
    const { ok, reason } = await judge(username, token);
    // The server may yet refuse the account: for want of TLS, or of rights on the database.
    const what = ok ? "accepted" : "refused";
    log(`${host}: ${JSON.stringify(username)}: ${what}: ${reason}`);
    return ok;
  };
}
