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
  save?: boolean;
  username?: string;
}
