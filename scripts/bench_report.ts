/** What the benchmarks share. */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 0
    ? ((sorted[middle - 1] ?? NaN) + upper) / 2
    : upper;
}

/** Writes a result to `bench/NAME.json`, with what it was measured on. */
export async function writeResult(name: string, result: object): Promise<void> {
  const folder = fileURLToPath(new URL("../bench/", import.meta.url));
  await Deno.mkdir(folder, { recursive: true });
  const { arch, os } = Deno.build;
  const machine = {
    deno: Deno.version.deno,
    arch,
    os,
    cores: navigator.hardwareConcurrency,
  };
  const text = JSON.stringify(
    { date: new Date().toISOString(), machine, ...result },
    null,
    2,
  );
  await Deno.writeTextFile(`${folder}${name}.json`, `${text}\n`);
  console.log(`Written to bench/${name}.json`);
}
