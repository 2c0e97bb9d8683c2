import { mapSections } from "./sections.ts";

const CONSTANT = 'var COMMIT = "";';

/** Writes the commit into `cli/frame/build_info.ts` within bundled text; a text without that file stays as it is. */
export function writeCommit(text: string, commit: string): string {
  if (!/^[0-9a-f]{40}(-dirty)?$/.test(commit)) {
    throw new Error(`"${commit}" is no commit`);
  }
  return mapSections(text, "cli/frame/build_info.ts", (section) => {
    if (!section.includes(CONSTANT)) {
      throw new Error(
        "The bundler writes cli/frame/build_info.ts in another way",
      );
    }
    return section.replace(CONSTANT, `var COMMIT = "${commit}";`);
  });
}
