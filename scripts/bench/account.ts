/**
 * An organization of 40 accounts with 200 databases each in 3 regions, on a local server that answers as AWS does: how long
 * discovering and saving them takes and how much memory, and what `rdsiam token NAME` takes out of that file beside one of a
 * single target. `RDSIAM_BENCH_ACCOUNTS`, `_DATABASES` and `_ROUNDS` make it smaller.
 */
// deno-lint-ignore-file no-console

import { PERMISSIONS } from "../../cli/frame/permissions.ts";
import { AwsQueryServer } from "../../tests/aws/server.ts";
import { environment, KEY } from "../../tests/e2e/rdsiam.ts";
import { instance } from "../../tests/fake_aws.ts";
import { ALONE } from "../bundle/alone.ts";
import { ENTRY } from "../bundle/bundle.ts";
import { writeBundle } from "../bundle/write_bundle.ts";
import { median, setting, writeResult } from "./report.ts";

const REGIONS = ["eu-west-1", "eu-central-1", "us-east-1"];
const ROLE = ["--accounts", "organization", "--role-name", "rdsiam"];
const LOOK_IN = REGIONS.flatMap((region) => ["--region", region]);

interface Run {
  seconds: number;
  /** The most resident memory, looked at every 100 ms. */
  peakMegabytes: number;
  stdout: string;
}

/** Measures, prints a table and writes `bench/account.json`. */
export async function benchAccount(): Promise<void> {
  const accounts = setting("ACCOUNTS", 40);
  const databases = setting("DATABASES", 200);
  const rounds = setting("ROUNDS", 15);
  const folder = await Deno.makeTempDir();
  await using server = organization(accounts, databases);
  try {
    await writeBundle(folder);
    const rdsiam = [
      ...[Deno.execPath(), "run", "--no-prompt", ...ALONE, ...PERMISSIONS],
      `${folder}/${ENTRY}`,
    ];
    const env = environment({ ...server.env, HOME: folder });
    const file = `${folder}/many.toml`;
    await Deno.writeTextFile(file, "");
    const discover = [
      ...[...rdsiam, "targets", "discover", "--config", file, "--quiet"],
      ...[...ROLE, ...LOOK_IN],
    ];
    const found = await measure([...discover, "--json"], env);
    const count = JSON.parse(found.stdout).length;
    const saved = await measure(
      [...discover, "--save", "--all", "-U", "app"],
      env,
    );
    const text = await Deno.readTextFile(file);
    // Roles would be assumed: what is measured here is the file.
    const plain = text.replaceAll(/^role_arn = .*\n/gm, "");
    await Deno.writeTextFile(file, plain);
    const tables = plain.split(/^(?=\[targets\.[\w-]+\]$)/m).filter(Boolean);
    const middle = tables[Math.floor(tables.length / 2)] ?? "";
    const name = /^\[targets\.([\w-]+)\]/.exec(middle)?.[1] ?? "";
    await Deno.writeTextFile(`${folder}/one.toml`, middle);
    const times: Record<string, number[]> = { one: [], many: [] };
    for (let round = -2; round < rounds; round++) {
      for (const [which, list] of Object.entries(times)) {
        const { seconds } = await measure(
          [...rdsiam, "token", name, "--config", `${folder}/${which}.toml`],
          environment({ ...KEY, HOME: folder }),
        );
        if (round >= 0) list.push(seconds * 1000);
      }
    }
    const [one, many] = [times.one ?? [], times.many ?? []].map(median);
    const result = {
      accounts,
      regions: REGIONS.length,
      databases: count,
      discoverSeconds: found.seconds,
      discoverPeakMegabytes: found.peakMegabytes,
      discoverAndSaveSeconds: saved.seconds,
      savedTargets: tables.length,
      saveSeconds: saved.seconds - found.seconds,
      tokenOfOneMs: one,
      tokenOfManyMs: many,
      tokenRatio: (many ?? NaN) / (one ?? NaN),
    };
    console.table(result);
    await writeResult("account", result);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function organization(accounts: number, databases: number): AwsQueryServer {
  const ids = Array.from(
    { length: accounts },
    (_, index) => `${100_000_000_001 + index}`,
  );
  const server = new AwsQueryServer(
    ids.flatMap((account, index) =>
      Array.from({ length: databases }, (_, number) => {
        const region = REGIONS[number % REGIONS.length] ?? "";
        const name = `db-${number}`;
        return instance(name, {
          account,
          region,
          arn: `arn:aws:rds:${region}:${account}:db:${name}`,
          resourceId: `db-A${index}N${number}`,
          tags: { team: `team-${number % 7}`, env: "prod" },
          endpoints: [{
            role: "instance",
            host: `${name}.acct${index}.${region}.rds.amazonaws.com`,
            port: 5432,
          }],
        });
      })
    ),
  );
  server.organizations.accounts = ids.map((Id) => ({ Id, Status: "ACTIVE" }));
  return server;
}

/** Runs a program to its end. */
async function measure(
  [program = "", ...args]: readonly string[],
  env: Record<string, string>,
): Promise<Run> {
  const start = performance.now();
  const child = new Deno.Command(program, {
    args,
    env,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let peakMegabytes = 0;
  const timer = setInterval(async () => {
    peakMegabytes = Math.max(peakMegabytes, await residentOf(child.pid));
  }, 100);
  try {
    const [stdout, { code }] = await Promise.all([
      new Response(child.stdout).text(),
      child.status,
    ]);
    if (code !== 0) throw new Error(`${args.join(" ")} exited with ${code}`);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, peakMegabytes, stdout };
  } finally {
    clearInterval(timer);
  }
}

async function residentOf(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-o", "rss=", "-p", `${pid}`],
  }).output();
  return Number(new TextDecoder().decode(stdout)) / 1024;
}
