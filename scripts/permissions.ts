/**
 * The permissions that rdsiam runs with, in the binary too: no `ffi`. Which hosts, files and programs it needs is for
 * the user's command line to say, so these are not narrowed further.
 */
export const PERMISSIONS: readonly string[] = [
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-run",
  "--allow-sys=uid",
  "--deny-import", // no code from elsewhere
];
