/** Programs that log in with a passfile. */

import assert from "node:assert/strict";
import type { WriterEntry } from "../../../core/writer/writer.ts";
import { environment } from "../../e2e/rdsiam.ts";

/** Whom a program logs in as, and where it looks the password up. */
export interface ReaderLogin {
  passfile: string;
  host: string;
  port: number;
  entry: WriterEntry;
  /** What the recorder knows it by. */
  number: string;
}

/** A running program that logs in whenever it is told to. See testdata/passfile/. */
export class PassfileReader implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stdout: ReadableStreamDefaultReader<string>;
  #unread = "";

  constructor([program, ...args]: readonly [string, ...string[]]) {
    this.#child = new Deno.Command(program, {
      args,
      env: environment({ PYTHONUTF8: "1" }),
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdout = this.#child.stdout
      .pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Tries each login, one after the other, and gives what the program says of each. */
  async logIn(logins: readonly ReaderLogin[]): Promise<string[]> {
    const lines = logins.map(({ passfile, host, port, entry, number }) =>
      [passfile, host, String(port), entry.database, entry.username, number]
        .map(encodeURIComponent).join(" ") + "\n"
    );
    const written = this.#stdin.write(
      new TextEncoder().encode(lines.join("")),
    );
    const answers: string[] = [];
    while (answers.length < logins.length) {
      const end = this.#unread.indexOf("\n");
      if (end < 0) {
        const { value, done } = await this.#stdout.read();
        assert.ok(!done, "the program ended");
        this.#unread += value;
        continue;
      }
      answers.push(this.#unread.slice(0, end));
      this.#unread = this.#unread.slice(end + 1);
    }
    await written;
    return answers;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stdin.close();
    await this.#stdout.cancel();
    await this.#child.status;
  }
}
