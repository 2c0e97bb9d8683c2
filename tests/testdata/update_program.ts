/**
 * Updates the passfile that is its first argument so many times as its third says, or for ever: the entry of its second
 * argument gets a new password each time. Prints a line before the first one.
 */
import { systemClock } from "../../adapters/process/clock.ts";
import { createFiles } from "../../adapters/files/files.ts";
import { renderEntry } from "./render_entry.ts";

const [path = "", user = "", times = "Infinity"] = Deno.args;
const files = createFiles(systemClock);
await Deno.stdout.write(new TextEncoder().encode("begun\n"));
for (let turn = 0; turn < Number(times); turn++) {
  await files.update(path, (oldText) => renderEntry(oldText, user), {
    isSecret: true,
  });
}
