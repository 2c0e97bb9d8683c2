// deno-lint-ignore-file no-console
import { ROOT } from "../run.ts";
import { ENTRY } from "./bundle.ts";
import { type Budget, faults, weigh, type Weight } from "./check.ts";
import { licenceFaults, renderLicences } from "./licences.ts";
import { makeBundle } from "./make_bundle.ts";
import { readLicences } from "./read_licences.ts";

const BUDGET = `${ROOT}scripts/bundle/budget.json`;

/** Room for growth that nobody has to think about. */
const SLACK = 1.03;

/** The file with the licences of what is bundled, beside the bundle. */
export const LICENCES = "THIRD_PARTY_LICENSES";

/**
 * Makes the bundle, checks it, and puts it into a folder in place of what is there.
 *
 * @throws {Error} when it is not as it should be; nothing is written then
 */
export async function writeBundle(
  folder: string,
  { accept = false }: { accept?: boolean } = {},
): Promise<Weight> {
  const files = await makeBundle();
  const weight = weigh(files, ENTRY);
  if (accept) await Deno.writeTextFile(BUDGET, renderBudget(weight));
  const budget: Budget = JSON.parse(await Deno.readTextFile(BUDGET));
  console.log(
    `bundle: ${weight.files} files of ${weight.sources} sources and ${weight.packages.length} npm packages\n` +
      `all:    ${weight.bytes} bytes, budget ${budget.bytes}\n` +
      `start:  ${weight.startBytes} bytes, budget ${budget.startBytes}`,
  );
  const licences = await readLicences(weight.packages);
  const found = [...faults(files, weight, budget), ...licenceFaults(licences)];
  if (found.length > 0) {
    throw new Error(
      `The bundle is not as it should be:\n  ${found.join("\n  ")}`,
      { cause: "If it should be so: deno task bundle --accept" },
    );
  }
  console.log(`licences: ${countLicences(licences.map((l) => l.licence))}`);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.remove(folder, { recursive: true });
  await Deno.mkdir(folder);
  for (const { name, text } of files) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  await Deno.writeTextFile(`${folder}/${LICENCES}`, renderLicences(licences));
  return weight;
}

function countLicences(licences: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of licences) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`).join(", ");
}

function renderBudget({ bytes, startBytes, packages }: Weight): string {
  const budget: Budget = {
    bytes: Math.ceil(bytes * SLACK / 1000) * 1000,
    startBytes: Math.ceil(startBytes * SLACK / 1000) * 1000,
    packages: [...new Set(packages.map((name) => name.replace(/@[^@]+$/, "")))],
  };
  return `${JSON.stringify(budget, null, 2)}\n`;
}
