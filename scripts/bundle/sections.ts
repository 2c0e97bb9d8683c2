/**
 * The source files within bundled text. The bundler (esbuild) writes each one's path, relative to the working directory,
 * on a comment line before it.
 */

/** A source file within a bundle. */
export interface Section {
  /** Its path, as the bundler wrote it. */
  readonly path: string;
  /** Its text, without the line with its path. */
  readonly text: string;
}

const PATH_LINE = /^( *)\/\/ ([\w@.+-][\w@./+ -]*\.(?:[cm]?[jt]s|json))$/m;

/** Cuts bundled text into what stands before the first source file, and the source files. */
export function readSections(
  text: string,
): { head: string; sections: Section[] } {
  const [head = "", ...rest] = text.split(new RegExp(PATH_LINE, "gm"));
  const sections: Section[] = [];
  for (let index = 0; index + 2 < rest.length; index += 3) {
    sections.push({ path: rest[index + 1] ?? "", text: rest[index + 2] ?? "" });
  }
  return { head, sections };
}

/** The paths of the source files, each once, sorted. */
export function sourcePaths(texts: Iterable<string>): string[] {
  const paths = new Set<string>();
  for (const text of texts) {
    for (const { path } of readSections(text).sections) paths.add(path);
  }
  return [...paths].sort();
}

/** Changes the text of the source files with a path; nothing else of the bundle. */
export function mapSections(
  text: string,
  path: string,
  change: (text: string) => string,
): string {
  const pattern = new RegExp(
    `(^ *// ${RegExp.escape(path)}\\n)([^]*?)(?=${PATH_LINE.source}|$(?![^]))`,
    "gm",
  );
  return text.replace(pattern, (_, line, body) => line + change(body));
}
