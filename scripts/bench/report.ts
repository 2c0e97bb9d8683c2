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

/**
 * What `RDSIAM_BENCH_NAME` says, or the usual.
 *
 * @throws {Error} when that is no whole number from 1 on
 */
export function setting(name: string, usual: number): number {
  const value = Number(Deno.env.get(`RDSIAM_BENCH_${name}`) ?? usual);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`RDSIAM_BENCH_${name} is not a whole number from 1 on`);
  }
  return value;
}

/** Writes a result to `bench/NAME.json`, with what it was measured on. */
export async function writeResult(name: string, result: object): Promise<void> {
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
  await write(`${name}.json`, `${text}\n`);
}

/** Writes an SVG to `bench/NAME.svg`. */
export async function writePlot(name: string, svg: string): Promise<void> {
  await write(`${name}.svg`, svg);
}

async function write(file: string, text: string): Promise<void> {
  const folder = fileURLToPath(new URL("../../bench/", import.meta.url));
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}${file}`, text);
  console.log(`Written to bench/${file}`);
}
