import {
  archiveName,
  assetUrl,
  RELEASE_TARGETS,
  REPOSITORY_URL,
} from "../../core/release/release.ts";
import { checksumOf, DESCRIPTION, type Release } from "./assets.ts";
import { COMPLETIONS, MAN_FOLDER } from "./shell_files.ts";

const SYSTEMS = [["darwin", "macos"], ["linux", "linux"]] as const;
const PROCESSORS = [["aarch64", "arm"], ["x86_64", "intel"]] as const;

/** Renders the Homebrew formula, `Formula/rdsiam.rb` of a tap (https://docs.brew.sh/Formula-Cookbook). */
export function renderFormula(release: Release): string {
  const blocks = SYSTEMS.map(([os, block]) =>
    [
      `  on_${block} do`,
      ...PROCESSORS.flatMap(([arch, processor]) => {
        const target = RELEASE_TARGETS.find((target) =>
          target.os === os && target.arch === arch
        );
        if (target === undefined) return [];
        const archive = archiveName(release.version, target);
        return [
          `    on_${processor} do`,
          `      url "${assetUrl(release.version, archive)}"`,
          `      sha256 "${checksumOf(release, archive)}"`,
          `    end`,
        ];
      }),
      `  end`,
    ].join("\n")
  );
  return `class Rdsiam < Formula
  desc "${DESCRIPTION}"
  homepage "${REPOSITORY_URL}"
  version "${release.version}"
  license "MIT"

${blocks.join("\n\n")}

  def install
    bin.install "rdsiam"
    doc.install "README.md", "THIRD_PARTY_LICENSES"
    man1.install Dir["${MAN_FOLDER}/*.1"]
    bash_completion.install "${COMPLETIONS.bash}" => "rdsiam"
    zsh_completion.install "${COMPLETIONS.zsh}"
    fish_completion.install "${COMPLETIONS.fish}"
  end

  test do
    assert_equal "rdsiam #{version}", shell_output("#{bin}/rdsiam --version").strip
  end
end
`;
}
