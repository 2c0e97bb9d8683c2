// deno-lint-ignore-file no-console -- a script prints its result
/** How long `setup-db --grant-public-crud` takes, and how many statements it needs, in databases of several sizes. */
import { startAccess } from "../../tests/e2e/access/access.ts";
import { writeResult } from "./report.ts";

const SIZES = [10, 1_000, 10_000];

/** Tables made in one transaction; more would need more locks than a server has. */
const BATCH = 500;

/** The whole command, from the shell's view. */
interface Measure {
  tables: number;
  /** The first run: `GRANT … ON ALL TABLES`. */
  firstStatements: number;
  firstSeconds: number;
  /** The second run, which changes nothing. */
  againStatements: number;
  againSeconds: number;
  /** Every other table has lost a privilege: the tables have to be named. */
  driftStatements: number;
  driftSeconds: number;
}

/** Measures, prints a table and writes `bench/access.json`. */
export async function benchAccess(): Promise<void> {
  const measures: Measure[] = [];
  for (const tables of SIZES) measures.push(await measure(tables));
  console.table(measures);
  await writeResult("access", { measures });
}

async function measure(tables: number): Promise<Measure> {
  await using emulator = await startAccess();
  for (let from = 0; from < tables; from += BATCH) {
    const to = Math.min(from + BATCH, tables) - 1;
    await emulator.query(`
      do $$ begin for i in ${from}..${to} loop
        execute format('create table table_%s (id serial primary key)', i);
      end loop; end $$`);
  }
  async function run() {
    const begin = performance.now();
    const { code, stdout, stderr } = await emulator.access(
      "setup-db",
      "-U",
      "app",
      "--grant-public-crud",
      "--json",
    );
    if (code !== 0) throw new Error(stderr);
    const seconds = Math.round(performance.now() - begin) / 1000;
    const { sql } = JSON.parse(stdout);
    return { seconds, statements: Number(sql.length) };
  }
  const first = await run();
  const again = await run();
  for (let from = 0; from < tables; from += BATCH) {
    const to = Math.min(from + BATCH, tables) - 1;
    await emulator.query(`
      do $$ begin for i in ${from}..${to} by 2 loop
        execute format('revoke update on table_%s from app', i);
      end loop; end $$`);
  }
  const drift = await run();
  return {
    tables,
    firstStatements: first.statements,
    firstSeconds: first.seconds,
    againStatements: again.statements,
    againSeconds: again.seconds,
    driftStatements: drift.statements,
    driftSeconds: drift.seconds,
  };
}

if (import.meta.main) await benchAccess();
