import {
  archiveName,
  RELEASE_TARGETS,
  REPOSITORY_URL,
} from "../../core/release/release.ts";
import { DESCRIPTION } from "./assets.ts";

/** Where the image is published. */
export const IMAGE = "ghcr.io/rdsiam/rdsiam";

/** A platform of the image, and the archive that its program comes from. */
export interface ImagePlatform {
  /** As containers call the processor: the Containerfile's `TARGETARCH`. */
  arch: "amd64" | "arm64";
  archive: string;
}

/** The platforms of the image. */
export function imagePlatforms(version: string): ImagePlatform[] {
  return RELEASE_TARGETS.filter(({ os }) => os === "linux").map((target) => ({
    arch: target.arch === "x86_64" ? "amd64" : "arm64",
    archive: archiveName(version, target),
  }));
}

/** The arguments of `docker` that build the image of a version, and publish it where that is asked for. */
export function imageArguments(
  version: string,
  { commit, push }: { commit: string; push: boolean },
): string[] {
  const platforms = imagePlatforms(version).map(({ arch }) => `linux/${arch}`);
  // A preview, 1.2.3-rc.1, is not what others get by default.
  const tags = version.includes("-") ? [version] : [version, "latest"];
  const labels = {
    source: REPOSITORY_URL,
    version,
    revision: commit,
    licenses: "MIT",
    description: DESCRIPTION,
  };
  return [
    ...["buildx", "build", "--platform", platforms.join(",")],
    ...["--file", "deploy/container/Containerfile"],
    ...tags.flatMap((tag) => ["--tag", `${IMAGE}:${tag}`]),
    ...Object.entries(labels).flatMap(([name, value]) => [
      "--label",
      `org.opencontainers.image.${name}=${value}`,
    ]),
    // The attestation names the base by its digest, which the Containerfile leaves open.
    ...(push ? ["--provenance=mode=max", "--push"] : []),
    ".",
  ];
}
