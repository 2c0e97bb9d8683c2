import {
  archiveName,
  assetUrl,
  CHECKSUMS_NAME,
  releaseTarget,
  REPOSITORY_URL,
} from "../../core/release/release.ts";
import { checksumOf, DESCRIPTION, type Release } from "./assets.ts";

/** Renders the Scoop manifest, `bucket/rdsiam.json` (https://github.com/ScoopInstaller/Scoop/wiki/App-Manifests). */
export function renderScoop(release: Release): string {
  const windows = releaseTarget("windows", "x86_64");
  if (windows === undefined) throw new Error("There is no binary for Windows");
  const archive = archiveName(release.version, windows);
  const updated = "$version"; // Scoop's variable
  return `${
    JSON.stringify(
      {
        version: release.version,
        description: DESCRIPTION,
        homepage: REPOSITORY_URL,
        license: "MIT",
        architecture: {
          "64bit": {
            url: assetUrl(release.version, archive),
            hash: checksumOf(release, archive),
          },
        },
        bin: "rdsiam.exe",
        checkver: { github: REPOSITORY_URL },
        autoupdate: {
          architecture: {
            "64bit": { url: assetUrl(updated, archiveName(updated, windows)) },
          },
          hash: { url: `$baseurl/${CHECKSUMS_NAME}` },
        },
      },
      null,
      4,
    )
  }\n`;
}
