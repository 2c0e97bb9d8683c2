import type { Emulator } from "./emulator.ts";

/**
 * Leads the target `orders` of a configuration file to an emulator, which stands for the network and the trust of a real
 * database; nothing, where there is no such file yet.
 */
export async function leadToEmulator(
  file: string,
  { listen, ca }: Pick<Emulator, "listen" | "ca">,
): Promise<void> {
  const text = await Deno.readTextFile(file).catch(() => undefined);
  if (text === undefined || text.includes("connect =")) return;
  const header = "[targets.orders]\n";
  const way = `connect = "${listen}"\nsslrootcert = "${ca}"\n`;
  await Deno.writeTextFile(file, text.replace(header, `${header}${way}`));
}
