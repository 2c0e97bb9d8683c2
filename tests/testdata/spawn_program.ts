/** Runs its arguments as `rdsiam exec` would, and prints how they ended. */
import { systemProcesses } from "../../adapters/process/process.ts";

const [program = "", ...args] = Deno.args;
const child = systemProcesses.spawn([program, ...args], Deno.env.toObject());
await print(JSON.stringify(await child.exited));

async function print(line: string) {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
