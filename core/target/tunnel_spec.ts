import { RdsiamError } from "../errors.ts";
import { formatAddress, parseAddress, parsePort } from "./address.ts";

/** A bastion that is reached by OpenSSH. */
export interface SshTunnelSpec {
  /** Through OpenSSH. */
  kind: "ssh";
  /** The user that logs in there; by default what the user's ssh configuration says. */
  user?: string;
  /** A host name, an address, or an alias of the ssh configuration. */
  host: string;
  /** The bastion's port; by default what the ssh configuration says. */
  port?: number;
}

/** An instance that is reached by AWS Systems Manager. */
export interface SsmTunnelSpec {
  /** Through Systems Manager to an instance. */
  kind: "ssm";
  /** A managed instance by its id, or any that is online and has a tag. */
  instance: { id: string } | { tag: { key: string; value: string } };
}

/** A task of an ECS service that is reached by ECS Exec's agent. */
export interface EcsTunnelSpec {
  /** Through Systems Manager to a task. */
  kind: "ecs";
  /** Name of the cluster. */
  cluster: string;
  /** Name of the service. */
  service: string;
}

/** A SOCKS5 server, which resolves names itself. */
export interface SocksTunnelSpec {
  /** Through a SOCKS5 server. */
  kind: "socks5";
  /** The server's name or address. */
  host: string;
  /** The server's port. */
  port: number;
  /** Who logs in to it; the password is in the environment. */
  user?: string;
}

/** A command whose standard streams are the connection, as OpenSSH's `ProxyCommand`. */
export interface CommandTunnelSpec {
  /** Through a program's standard streams. */
  kind: "command";
  /** For the shell; `%h` and `%p` stand for what is dialled, `%%` for a percent sign. */
  command: string;
}

/** How a private database is reached. */
export type TunnelSpec =
  | SshTunnelSpec
  | SsmTunnelSpec
  | EcsTunnelSpec
  | SocksTunnelSpec
  | CommandTunnelSpec;

const WAYS =
  "Give ssh:[USER@]BASTION[:PORT], ssm:INSTANCE_ID, ssm:tag:KEY=VALUE, ecs:CLUSTER/SERVICE, socks5://HOST:PORT, " +
  "or a command with %h and %p whose standard streams are the connection";

/**
 * Reads what `--tunnel` and the key `tunnel` take.
 *
 * @param field what to call it in the error, such as `--tunnel`
 * @throws {RdsiamError} `usage`, when it is none of these
 */
export function parseTunnel(text: string, field: string): TunnelSpec {
  const { prefix, rest = "" } =
    /^(?<prefix>ssh:(?:\/\/)?|ssm:|ecs:|socks5h?:\/\/)(?<rest>.*)$/s.exec(text)
      ?.groups ?? {};
  switch (prefix) {
    case undefined:
      return parseCommand(text, field);
    case "ssm:":
      return parseSsm(rest, text, field);
    case "ecs:":
      return parseEcs(rest, text, field);
    case "ssh:":
    case "ssh://":
      return parseSsh(rest, text, field);
    default:
      return parseSocks(rest, field);
  }
}

/** Writes a tunnel as {@linkcode parseTunnel} reads it. */
export function formatTunnel(spec: TunnelSpec): string {
  const user = "user" in spec && spec.user !== undefined ? `${spec.user}@` : "";
  switch (spec.kind) {
    case "ssh": {
      const { host, port } = spec;
      const bracketed = host.includes(":") ? `[${host}]` : host;
      return `ssh:${user}${bracketed}${port === undefined ? "" : `:${port}`}`;
    }
    case "ssm":
      return "id" in spec.instance
        ? `ssm:${spec.instance.id}`
        : `ssm:tag:${spec.instance.tag.key}=${spec.instance.tag.value}`;
    case "ecs":
      return `ecs:${spec.cluster}/${spec.service}`;
    case "socks5":
      return `socks5://${user}${formatAddress(spec.host, spec.port)}`;
    case "command":
      return spec.command;
  }
}

/** A tunnel in a message: as it is written, but of a command only its program, since arguments may be anything. */
export function describeTunnel(spec: TunnelSpec): string {
  if (spec.kind !== "command") return formatTunnel(spec);
  return `command ${/^\S*/.exec(spec.command)?.[0]}`;
}

/** What stands before the host may be no option of ssh. */
const USER = /^[^\s@/:%-][^\s@/:%]*$/;

function parseSsh(rest: string, text: string, field: string): SshTunnelSpec {
  const at = rest.lastIndexOf("@");
  const user = at < 0 ? undefined : rest.slice(0, at);
  const { host, port } = parseAddress(rest.slice(at + 1), field);
  if (host.startsWith("-") || user !== undefined && !USER.test(user)) {
    throw invalid(text, field, "Write it as ssh:[USER@]BASTION[:PORT]");
  }
  return {
    kind: "ssh",
    ...(user !== undefined && { user }),
    host,
    ...(port !== undefined && { port }),
  };
}

/** An instance of EC2, or a managed node of another kind (Systems Manager User Guide, "Managed nodes"). */
const INSTANCE = /^m?i-[0-9a-f]{8,17}$/;

function parseSsm(rest: string, text: string, field: string): SsmTunnelSpec {
  if (INSTANCE.test(rest)) return { kind: "ssm", instance: { id: rest } };
  const { key, value } = /^tag:(?<key>[^=\s][^=]*)=(?<value>.+)$/s.exec(rest)
    ?.groups ?? {};
  if (key === undefined || value === undefined) {
    throw invalid(
      text,
      field,
      "Write it as ssm:i-0123456789abcdef0 or ssm:tag:Name=bastion",
    );
  }
  return { kind: "ssm", instance: { tag: { key, value } } };
}

function parseEcs(rest: string, text: string, field: string): EcsTunnelSpec {
  const { cluster, service } =
    /^(?<cluster>[\w-]{1,255})\/(?<service>[\w-]{1,255})$/.exec(rest)
      ?.groups ?? {};
  if (cluster === undefined || service === undefined) {
    throw invalid(text, field, "Write it as ecs:CLUSTER/SERVICE");
  }
  return { kind: "ecs", cluster, service };
}

function parseSocks(rest: string, field: string): SocksTunnelSpec {
  const { user, address = "" } =
    /^(?:(?<user>[^@]*)@)?(?<address>[^@]*?)\/?$/s.exec(rest)?.groups ?? {};
  // It is not repeated: what is malformed here may hold a password.
  function malformed(why: string, hint: string): RdsiamError {
    return new RdsiamError("usage", `SOCKS5 server of ${field} ${why}`, {
      hint,
    });
  }
  if (user?.includes(":")) {
    throw malformed(
      "holds a password, which does not belong there",
      "Name the user alone, and put the password into RDSIAM_SOCKS_PASSWORD",
    );
  }
  if (!ADDRESS.test(address) || user === "") {
    throw malformed("is not valid", "Write it as socks5://[USER@]HOST:PORT");
  }
  const [, host = "", port] = /^(.*):([^:\]]*)$/.exec(address) ?? [];
  return {
    kind: "socks5",
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: parsePort(port ?? "1080", field),
    ...(user !== undefined && { user: decodeUser(user) }),
  };

  function decodeUser(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      throw malformed("is not valid", "Percent-encode the user's name");
    }
  }
}

const ADDRESS = /^(?:\[[0-9a-f:.]+\]|[^\s:/[\]@]+):\d+$/i;

function parseCommand(text: string, field: string): CommandTunnelSpec {
  const codes = [...text.matchAll(/%(.?)/gs)].map(([, code]) => code ?? "");
  if (!/\s/.test(text.trim()) && !codes.includes("h")) {
    throw invalid(text, field, WAYS);
  }
  const unknown = codes.find((code) => !["h", "p", "%"].includes(code));
  const problem = unknown !== undefined
    ? `has %${unknown}, which stands for nothing`
    : !codes.includes("h")
    ? "has no %h, which stands for the host to dial"
    : undefined;
  if (problem !== undefined) {
    throw new RdsiamError("usage", `Command of ${field} ${problem}`, {
      hint:
        "Use %h and %p for the database's host and port, %% for a percent sign: kubectl exec -i POD -- nc %h %p",
    });
  }
  return { kind: "command", command: text };
}

function invalid(text: string, field: string, hint: string): RdsiamError {
  return new RdsiamError("usage", `Tunnel "${text}" of ${field} is not valid`, {
    hint,
  });
}
