/** The licences of what is bundled. */

/** A package and its licence. */
export interface Licensed {
  name: string;
  version: string;
  /** SPDX identifier. */
  licence: string;
  author: string;
  homepage: string;
  /** The licence file and notices of the package; empty where it has none. */
  text: string;
}

/** Licences that ask for no more than that they are shipped along. */
export const PERMISSIVE: readonly string[] = [
  ...["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0"],
  ...["CC0-1.0", "ISC", "MIT", "Unlicense"],
];

/** The packages whose licence is none of {@linkcode PERMISSIVE}, a line each. */
export function licenceFaults(packages: readonly Licensed[]): string[] {
  return packages
    .filter(({ licence }) => !PERMISSIVE.includes(licence))
    .map(({ name, version, licence }) =>
      `npm package ${name}@${version} has the licence "${licence}", which is not known to be permissive`
    );
}

/** Renders `THIRD_PARTY_LICENSES`: the packages of each licence text, then the text, once. */
export function renderLicences(packages: readonly Licensed[]): string {
  const groups = new Map<string, Licensed[]>();
  for (const found of packages) {
    const text = found.text === "" ? borrowed(found, packages) : found.text;
    groups.set(text, [...groups.get(text) ?? [], found]);
  }
  const parts = [...groups].map(([text, members]) =>
    [
      ...members.map(({ name, version, licence, author, homepage }) =>
        [`${name} ${version} (${licence})`, author, homepage]
          .filter((part) => part !== "").join(", ")
      ),
      "",
      text,
    ].join("\n")
  );
  return [INTRODUCTION, ...parts].join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}

const INTRODUCTION =
  `rdsiam is built on the work of others, and carries it within its program.

The program itself is Deno (MIT License, Copyright the Deno authors, https://github.com/denoland/deno), with V8 and the
Rust crates that Deno lists there. The npm packages within, and their licences, follow.`;

/** A package without a licence file is under the text that another of the same licence has. */
function borrowed(
  { licence }: Licensed,
  packages: readonly Licensed[],
): string {
  const note =
    `(No licence file is in the package; its manifest says ${licence}: https://spdx.org/licenses/${licence}.html`;
  const other = packages.find((found) =>
    found.licence === licence && found.text !== ""
  );
  return other === undefined
    ? `${note})`
    : `${note}. As it reads elsewhere:)\n\n${other.text}`;
}
