/** Prints the configuration files that are found from a working directory which has been removed. */
// deno-lint-ignore-file no-console
import { loadConfig } from "../../adapters/config/config_files.ts";

const folder = await Deno.makeTempDir();
Deno.chdir(folder);
await Deno.remove(folder);
console.log(JSON.stringify((await loadConfig(undefined, {})).files));
