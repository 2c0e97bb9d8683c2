/** The names of what a folder holds; none where it cannot be read. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.map(({ name }) => name);
  } catch {
    return [];
  }
}
