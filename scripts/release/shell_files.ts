import { SCRIPTS } from "../../cli/completion/script.ts";
import { renderPages } from "../man.ts";

/** Where the archives have what shells complete with, named as each shell looks for it. */
export const COMPLETIONS = {
  bash: "completions/rdsiam.bash",
  zsh: "completions/_rdsiam",
  fish: "completions/rdsiam.fish",
  powershell: "completions/rdsiam.ps1",
} as const;

/** The folder of the archives with the man pages. */
export const MAN_FOLDER = "man";

/** Renders the man pages, dated by `time`, and the completion scripts, by their names within an archive. */
export async function renderShellFiles(
  time: Date,
): Promise<ReadonlyMap<string, string>> {
  const pages = await renderPages(time.getTime());
  return new Map([
    ...Object.entries(COMPLETIONS).map(([shell, name]) =>
      [name, SCRIPTS[shell as keyof typeof COMPLETIONS]] as const
    ),
    ...[...pages].map(([name, text]) =>
      [`${MAN_FOLDER}/${name}`, text] as const
    ),
  ]);
}
