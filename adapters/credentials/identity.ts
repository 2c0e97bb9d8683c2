/** Variables, as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Who signs: the part of a token request that credentials depend on. */
export interface Identity {
  /** AWS shared-config profile, when one is named. */
  profile?: string;
  /** Role to assume. */
  roleArn?: string;
  /** Region whose STS assumes the role. */
  region: string;
}
