/** Makes a private folder below its `XDG_RUNTIME_DIR`, writes a file there, prints its path, and stays. */
import { createPrivateFolder } from "../../adapters/files/private_folder.ts";

const folder = await createPrivateFolder(Deno.env.toObject());
await print(await folder.write("pgpass", "secret"));
setInterval(() => {}, 60_000);

async function print(line: string) {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}
