/** How long `pgpass sync` takes, and how much memory a watch holds over simulated days, for many targets. */
// deno-lint-ignore-file no-console

import { fileURLToPath } from "node:url";
import { environment, KEY, RDSIAM } from "../../tests/e2e/rdsiam.ts";
import { writeResult } from "./report.ts";

const SIZES = [100, 1_000, 10_000];

/** Foreign lines of the passfile for each target. */
const LINES_PER_TARGET = 2;

/** Simulated hours of a watch; what holds for a thousand targets need not be waited for with ten thousand. */
const HOURS: Record<number, number> = { 100: 72, 1_000: 48, 10_000: 4 };

interface Measure {
  targets: number;
  /** The first run, into foreign lines alone. */
  firstSeconds: number;
  /** The second run, which renews each entry in its place. */
  againSeconds: number;
  /** The largest resident memory of the second run, looked at every 50 ms. */
  peakMegabytes: number;
  /** Resident memory of a watch after each quarter of its simulated hours. */
  watchHours: number;
  watchMegabytes: string;
}

/** Measures, prints a table and writes `bench/sync.json`. */
export async function benchSync(): Promise<void> {
  const measures: Measure[] = [];
  for (const targets of SIZES) measures.push(await measure(targets));
  console.table(measures);
  await writeResult("sync", { measures });
}

async function measure(targets: number): Promise<Measure> {
  const folder = await Deno.makeTempDir();
  try {
    const config = `${folder}/rdsiam.toml`;
    const passfile = `${folder}/pgpass`;
    await Deno.writeTextFile(config, configuration(targets));
    await Deno.writeTextFile(passfile, foreignLines(targets), { mode: 0o600 });
    const command = [
      ...RDSIAM,
      ...["pgpass", "sync", "--quiet", "--config", config],
      ...["--file", passfile],
    ];
    const first = await time(command);
    const again = await time(command);
    const samples = await watchMemory(targets, `${folder}/watched`);
    return {
      targets,
      firstSeconds: first.seconds,
      againSeconds: again.seconds,
      peakMegabytes: again.peakMegabytes,
      watchHours: samples.length,
      watchMegabytes: [1, 2, 3, 4]
        .map((quarter) => samples[samples.length * quarter / 4 - 1])
        .join(" "),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function configuration(targets: number): string {
  return Array.from(
    { length: targets },
    (_, index) =>
      `[targets.target-${index}]
host = "db-${index}.abcdefghijkl.eu-west-1.rds.amazonaws.com"
username = "app"
`,
  ).join("\n");
}

function foreignLines(targets: number): string {
  return Array.from(
    { length: targets * LINES_PER_TARGET },
    (_, index) =>
      `other-${index}.example.com:5432:*:somebody:secret-${index}\n`,
  ).join("");
}

async function time([program = "", ...args]: readonly string[]) {
  const begin = performance.now();
  const child = new Deno.Command(program, {
    args,
    env: environment(KEY),
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  let peakKilobytes = 0;
  const sampling = setInterval(async () => {
    peakKilobytes = Math.max(peakKilobytes, await residentKilobytes(child.pid));
  }, 50);
  const { success } = await child.status;
  clearInterval(sampling);
  if (!success) throw new Error(`${program} failed`);
  return {
    seconds: Math.round(performance.now() - begin) / 1000,
    peakMegabytes: Math.round(peakKilobytes / 1024),
  };
}

/** Of a process that runs; 0 of one that has ended. Deno keeps /proc to programs with every permission. */
async function residentKilobytes(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=", "-p", String(pid)],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

/** Resident megabytes of a watch at the end of each simulated hour. */
async function watchMemory(targets: number, path: string): Promise<number[]> {
  const script = fileURLToPath(new URL("./sync_watch.ts", import.meta.url));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, String(targets), String(HOURS[targets]), path],
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${script} failed`);
  return new TextDecoder().decode(stdout).trim().split("\n").map(Number);
}

if (import.meta.main) await benchSync();
