/** What a release is made of, for whatever is rendered of it. */
export interface Release {
  /** `1.2.3`. */
  version: string;
  /** SHA-256 by archive name, 64 hexadecimal digits each. */
  checksums: ReadonlyMap<string, string>;
}

/** What the package managers say of rdsiam. */
export const DESCRIPTION =
  "AWS RDS and Aurora IAM database authentication, made pleasant";

/** The SHA-256 of an archive; each one has to be there. */
export function checksumOf(release: Release, archive: string): string {
  const checksum = release.checksums.get(archive);
  if (checksum === undefined) throw new Error(`${archive} has no checksum`);
  return checksum;
}
