/**
 * The flags that rdsiam runs with, in the binary too: its permissions, which have no `ffi`. Which hosts, files and programs
 * it needs is for the user's command line to say, so these are not narrowed further.
 */
export const PERMISSIONS: readonly string[] = [
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-run",
  // Not narrowed to `uid`: the AWS SDK and Node's TLS ask for the home folder, the system's CAs and more.
  "--allow-sys",
  "--deny-import", // no code from elsewhere
  "--unstable-net", // systemd is told of readiness through a Unix datagram socket
  // What a thousand logins leave behind is freed as they come: 25 MB, which V8 would keep for half a minute.
  "--v8-flags=--max-semi-space-size=2",
];
