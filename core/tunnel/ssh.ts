import type { FarAddress } from "./ports.ts";
import type { TunnelFault } from "./fault.ts";
import type { SshTunnelSpec } from "../target/tunnel_spec.ts";

/** What the shared connection prints when it stands. */
export const SSH_READY = "rdsiam: connected";

/** Options of every call (ssh_config(5)). Nothing is asked on the terminal: it may be another program's. */
const QUIET = ["-o", "BatchMode=yes", "-o", "LogLevel=INFO"];

/** The bastion, as ssh's arguments; last, since no option may follow. */
function destination({ user, host, port }: SshTunnelSpec): string[] {
  return [
    ...(port === undefined ? [] : ["-p", String(port)]),
    ...(user === undefined ? [] : ["-l", user]),
    "--",
    host,
  ];
}

/**
 * The arguments that open the connection which all others share, in the user's own configuration but for what would
 * outlive it or listen besides. It ends by itself 45 seconds after the network has gone.
 *
 * @param socket path of its control socket
 */
export function sshMasterArgs(spec: SshTunnelSpec, socket: string): string[] {
  const options = {
    ServerAliveInterval: "15",
    ServerAliveCountMax: "3",
    ControlPersist: "no",
    ClearAllForwardings: "yes",
    RequestTTY: "no",
    RemoteCommand: "none",
    PermitLocalCommand: "yes",
    LocalCommand: `echo ${SSH_READY}`,
  };
  return [
    ...["-N", "-M", "-S", socket],
    ...QUIET,
    ...Object.entries(options).flatMap(([name, value]) => [
      "-o",
      `${name}=${value}`,
    ]),
    ...destination(spec),
  ];
}

/** The arguments that ask whether the user's own configuration keeps a connection to the bastion that can be shared. */
export function sshCheckArgs(spec: SshTunnelSpec): string[] {
  return ["-O", "check", ...QUIET, ...destination(spec)];
}

/**
 * The arguments that make a shared connection listen on a local socket for an address, or end that.
 *
 * @param socket path of its control socket; `undefined` for that of the user's configuration
 */
export function sshForwardArgs(
  order: "forward" | "cancel",
  spec: SshTunnelSpec,
  socket: string | undefined,
  { path, address }: { path: string; address: FarAddress },
): string[] {
  return [
    ...(socket === undefined ? [] : ["-S", socket]),
    ...["-O", order, ...QUIET, "-o", "StreamLocalBindMask=0177"],
    ...["-L", `${path}:${farAddress(address)}`],
    ...destination(spec),
  ];
}

/** The arguments of a connection of its own whose standard streams lead to an address, where ssh cannot share one. */
export function sshStdioArgs(
  spec: SshTunnelSpec,
  address: FarAddress,
): string[] {
  return [
    ...QUIET,
    ...["-o", "ServerAliveInterval=15"],
    ...["-W", farAddress(address)],
    ...destination(spec),
  ];
}

function farAddress({ host, port }: FarAddress): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

type Explain = (
  match: RegExpExecArray,
  bastion: string,
) => TunnelFault;

/** The methods of RFC 4252 and RFC 4256 in which a person types something. */
const TYPED_METHODS = ["password", "keyboard-interactive"];

/** What OpenSSH 8 to 10 say, the most telling first. */
const SAYINGS: readonly [RegExp, Explain][] = [
  [/REMOTE HOST IDENTIFICATION HAS CHANGED/, (_, bastion) => ({
    reason: "host-key",
    why: "the bastion's host key has changed",
    hint:
      `Ask whoever runs it whether that is right, then: ssh-keygen -R ${bastion}`,
  })],
  [/Host key verification failed|host key is known for/, (_, bastion) => ({
    reason: "host-key",
    why: "the bastion's host key is not known",
    hint: `Run once, and compare the fingerprint: ssh ${bastion}`,
  })],
  [/Could not resolve hostname (\S+?):/, ([, name]) => ({
    reason: "bastion-name",
    why: `bastion "${name}" has no address`,
    hint: "Check its name, or its entry in ~/.ssh/config",
  })],
  [/open failed: connect failed: (.*)$/, ([, why = ""]) => behind(why)],
  [/open failed: administratively prohibited/, () => ({
    reason: "forbidden",
    why: "the bastion does not allow forwarding",
    hint:
      "It needs AllowTcpForwarding in its sshd_config, and no restrict or permitopen of the key against it",
  })],
  [/Permission denied \(([^)]*)\)|Too many authentication failures/, (
    [, methods = ""],
    bastion,
  ) => ({
    reason: "login",
    why: `the bastion refuses the login${
      methods === "" ? "" : ` (it takes ${methods.replaceAll(",", ", ")})`
    }`,
    hint: methods.split(",").some((method) => TYPED_METHODS.includes(method))
      ? `rdsiam asks for no password on the bastion: load a key (ssh-add), or keep a shared connection open yourself: ssh -M ${bastion}`
      : `Load the right key with ssh-add, and try: ssh ${bastion}`,
  })],
  [/connect to (?:host|address) (.*) port (\d+): (.*)$/, (
    [, host, port, why],
  ) => ({
    reason: "bastion",
    why: `the bastion, ${host} port ${port}: ${lower(why ?? "")}`,
    hint: CHECK_BASTION,
  })],
  [/Timeout, server .* not responding/, () => ({
    reason: "timeout",
    why: "the bastion does not answer any more",
    hint: CHECK_BASTION,
  })],
  [
    /(?:kex_exchange_identification: |banner exchange|Connection (?:timed out|closed by|reset by|to .* (?:timed out|closed)))(.*)$/,
    ([line = ""]) => ({
      reason: "bastion",
      why: `the bastion hung up: ${lower(line)}`,
      hint: CHECK_BASTION,
    }),
  ],
];

const CHECK_BASTION =
  "Check that the bastion runs, and that its security group lets this machine in";

/**
 * Explains what ssh printed.
 *
 * @param lines of its standard error, the oldest first
 */
export function explainSsh(
  lines: readonly string[],
  { user, host, port }: SshTunnelSpec,
): TunnelFault | undefined {
  const bastion = `${port === undefined ? "" : `-p ${port} `}${
    user === undefined ? "" : `${user}@`
  }${host}`;
  for (const [pattern, explain] of SAYINGS) {
    for (const line of lines) {
      const match = pattern.exec(line.trim());
      if (match !== null) return explain(match, bastion);
    }
  }
  return undefined;
}

/** That the far end cannot connect to the database. */
function behind(why: string): TunnelFault {
  // deno-lint-ignore rdsiam/no-prose -- ssh's own
  return /name|resolve|address family|nodename|servname|lookup/i.test(why)
    ? {
      reason: "target-name",
      why: `its name has no address there (${lower(why)})`,
      hint: "Check the endpoint's name, and the name servers of the far end",
    }
    : {
      reason: "target",
      why: lower(why),
      hint:
        "Let the far end's address in: the database's security group, its port",
    };
}

function lower(text: string): string {
  const trimmed = text.replace(/[.\r]+$/, "").trim();
  return trimmed.charAt(0).toLowerCase() + trimmed.slice(1);
}
