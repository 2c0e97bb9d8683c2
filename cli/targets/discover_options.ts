import type { CommonOptions } from "../frame/command.ts";
import type { SignInOptions } from "../frame/sign_in.ts";
import type { RegionOptions } from "./discover_regions.ts";

/** The options of `targets discover`. */
export interface DiscoverOptions
  extends RegionOptions, SignInOptions, CommonOptions {
  config?: string;
  profile?: string;
  roleArn?: string;
  engine?: string;
  /** Account ids with commas between, or `organization`. */
  accounts?: string;
  /** The role that is assumed in each of them. */
  roleName?: string;
  tag?: string[];
  iam?: string;
  nameTemplate?: string;
  save?: boolean;
  all?: boolean;
  username?: string;
  prune?: boolean;
  yes?: boolean;
}
