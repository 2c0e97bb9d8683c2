import assert from "node:assert/strict";
import { join } from "node:path";
import {
  listenForQuestions,
  type LoginQuestion,
} from "../../../adapters/mysql_server/judge_socket.ts";
import { modeOf, temporaryFolder } from "../temporary_folder.ts";

/** Asks as the plugin does, in pieces of so many bytes. */
async function ask(path: string, text: string, size: number): Promise<string> {
  using conn = await Deno.connect({ transport: "unix", path });
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) {
    await conn.write(bytes.subarray(at, at + size));
  }
  const answer = new Uint8Array(8);
  const count = await conn.read(answer);
  return new TextDecoder().decode(answer.subarray(0, count ?? 0));
}

Deno.test("listenForQuestions() judges what the plugin asks, however it arrives", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "judge.sock");
  const heard: LoginQuestion[] = [];
  using _socket = await listenForQuestions(path, undefined, (question) => {
    heard.push(question);
    if (question.username === "broken") {
      return Promise.reject(new Error("no judge"));
    }
    return Promise.resolve(question.token === "right");
  });
  assert.equal(await modeOf(path), "0600");
  assert.equal(await ask(path, "jürg\0" + "10.0.0.5\0right\0", 1), "1");
  assert.equal(await ask(path, "app\0::1\0wrong\0", 100), "0");
  assert.equal(await ask(path, "broken\0::1\0right\0", 100), "0");
  assert.deepEqual(heard.map(({ username, host }) => [username, host]), [
    ["jürg", "10.0.0.5"],
    ["app", "::1"],
    ["broken", "::1"],
  ]);
});
