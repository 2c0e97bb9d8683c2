/** Flags by which Deno takes nothing but a bundle into account: no configuration, lock file, npm package or URL. */
export const ALONE: readonly string[] = [
  ...["--no-config", "--no-lock", "--no-npm", "--no-remote"],
];
