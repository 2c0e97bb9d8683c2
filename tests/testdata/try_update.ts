/**
 * Appends its second argument to the file that is its first, and prints the error with its hint, if there is one. With
 * a third argument the file holds no secrets.
 */
import { systemClock } from "../../adapters/process/clock.ts";
import { createFiles } from "../../adapters/files/files.ts";
import { RdsiamError } from "../../core/errors.ts";

const [path = "", line = "", open] = Deno.args;
let outcome = "done";
try {
  await createFiles(systemClock)
    .update(path, (old) => `${old}${line}\n`, { isSecret: open === undefined });
} catch (error) {
  if (!(error instanceof RdsiamError)) throw error;
  outcome = `${error.message}|${error.hint}`;
}
await Deno.stdout.write(new TextEncoder().encode(`${outcome}\n`));
