import { giveTo, type ServerUser } from "../local_server/server_user.ts";

/** A question of the plugin: who wants in, from where, with which password. */
export interface LoginQuestion {
  username: string;
  /** The client's address, as the server has it. */
  host: string;
  token: string;
}

/** More than any token: who sends more is no plugin of ours. */
const MAX_QUESTION_BYTES = 65_536;

/**
 * Answers the plugin's questions on a Unix socket that the server's user alone can connect to.
 *
 * @param judge says whether to let somebody in; what it throws keeps them out
 */
export async function listenForQuestions(
  path: string,
  user: ServerUser | undefined,
  judge: (question: LoginQuestion) => Promise<boolean>,
): Promise<Disposable> {
  const listener = Deno.listen({ transport: "unix", path });
  await Deno.chmod(path, 0o600);
  await giveTo(user, path);
  acceptAll(listener, judge);
  return { [Symbol.dispose]: () => listener.close() };
}

async function acceptAll(
  listener: Deno.Listener<Deno.UnixConn>,
  judge: (question: LoginQuestion) => Promise<boolean>,
) {
  for await (const conn of listener) {
    answer(conn, judge).catch(() => {
      // The server has gone: there is nobody to answer.
    });
  }
}

async function answer(
  conn: Deno.UnixConn,
  judge: (question: LoginQuestion) => Promise<boolean>,
) {
  using _conn = conn;
  const question = await readQuestion(conn);
  if (question === undefined) return;
  const isIn = await judge(question).catch(() => false);
  await conn.write(new TextEncoder().encode(isIn ? "1" : "0"));
}

/** A question is three texts, each ended by a zero byte. */
async function readQuestion(
  conn: Deno.UnixConn,
): Promise<LoginQuestion | undefined> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(4096);
  let text = "";
  while (text.length <= MAX_QUESTION_BYTES) {
    const count = await conn.read(chunk);
    if (count === null) return undefined;
    text += decoder.decode(chunk.subarray(0, count), { stream: true });
    const [username = "", host = "", token = "", rest] = text.split("\0");
    if (rest !== undefined) return { username, host, token };
  }
  return undefined;
}
