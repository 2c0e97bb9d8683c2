import type { Decision } from "./access/policy.ts";
import type { CallerIdentity } from "./rds/caller.ts";
import type {
  FoundDatabase,
  RdsCluster,
  RdsDatabase,
  RdsInstance,
  RdsInventory,
} from "./rds/database.ts";
import type { Secret } from "./secret.ts";
import type { SslMode, Target } from "./target/target.ts";
import type { AuthToken, TokenRequest } from "./token/token.ts";

/** The time. */
export interface Clock {
  /** Milliseconds since the epoch, by the wall clock. */
  now(): number;
  /** Waits so many milliseconds, or until the signal aborts; either way it resolves. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Signs tokens with somebody's AWS credentials. */
export interface Signer {
  /**
   * Signs a token.
   *
   * @throws {RdsiamError} `credentials`, when there are none that work
   */
  sign(request: TokenRequest): Promise<AuthToken>;
}

/** Looks names up in DNS. */
export interface Resolver {
  /**
   * The name that a name is an alias of (its CNAME record), or `undefined` when it is none.
   *
   * @throws {RdsiamError} `unreachable`, when no name server answers
   */
  alias(name: string): Promise<string | undefined>;
  /**
   * An IP address of a host, by the system's own look-up.
   *
   * @throws {RdsiamError} `unreachable`, when there is none
   */
  address(host: string): Promise<string>;
}

/** A folder that only this user can enter, gone when it is disposed of. */
export interface PrivateFolder extends AsyncDisposable {
  /**
   * Writes a file that only this user can read, at once and whole: a reader sees the old or the new content.
   *
   * @returns its absolute path
   * @throws {RdsiamError} `failed`, when it cannot be written
   */
  write(name: string, content: string): Promise<string>;
}

/** What became of a file that was to be changed. */
export interface FileUpdate {
  /** Whether there is new content. */
  changed: boolean;
  /** What the user should know: `mode tightened from 0644 to 0600`. */
  notices: readonly string[];
}

/** What kind of file is changed. */
export interface FileUpdateOptions {
  /** Whether its mode must be 0600: of a file without secrets, the mode stays what it is. */
  isSecret: boolean;
}

/** Files of this user that several programs read and write. */
export interface Files {
  /**
   * Changes a file at once and whole: a reader sees the old or the new content; its owner and a link stay. A new file
   * has mode 0600; so has, at most, one that is secret. One rdsiam at a time; what another program writes meanwhile is
   * given to `change` again. Bytes that are no UTF-8 are lone surrogates.
   *
   * @param change makes the new content of the old, which is empty for a file that is not there; an empty result
   * removes the file. It is called again when the file has changed meanwhile. What it throws leaves the file alone.
   * @throws {RdsiamError} `failed`, when the file cannot be read or replaced; the old one stands then
   */
  update(
    path: string,
    change: (oldText: string) => string | Promise<string>,
    options: FileUpdateOptions,
  ): Promise<FileUpdate>;
  /**
   * The content of a file, `undefined` when it is not there.
   *
   * @throws {RdsiamError} `failed`, when it cannot be read
   */
  read(path: string): Promise<string | undefined>;
}

/** How a process ended: by itself with a code, or by a signal. */
export type ExitStatus =
  | { kind: "code"; code: number }
  | { kind: "signal"; signal: string; number: number };

/** A running child that shares this process's terminal. */
export interface Child {
  /** Resolves when it has ended. */
  exited: Promise<ExitStatus>;
}

/** Starts programs. */
export interface Processes {
  /**
   * Starts a program in this terminal and passes on the signals that this process is sent, until it ends.
   *
   * @param command the program and its arguments
   * @param environment its whole environment
   * @throws {ProgramError} when it cannot be started
   */
  spawn(
    command: readonly [string, ...string[]],
    environment: Record<string, string>,
  ): Child;
}

/** Runs commands of the user's shell. */
export interface Shell {
  /**
   * Runs a command to its end; its output goes to standard error.
   *
   * @param input what it reads
   * @param environment variables that it gets besides this process's own
   * @throws {RdsiamError} `failed`, when it cannot be started, fails, or takes longer than its deadline
   */
  run(
    command: string,
    input: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<void>;
}

/** A connection: bytes both ways. */
export interface ByteStream {
  /** The next bytes, or `undefined` at the end. A broken connection counts as ended. */
  read(): Promise<Uint8Array | undefined>;
  /** Writes bytes and waits while the other side is slow; what a broken connection cannot take is dropped. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends the connection both ways, after what was written has been sent. */
  close(): void;
}

/** A connection that a server accepted. */
export interface AcceptedStream extends ByteStream {
  /** The client's address, without the port. */
  remoteHost: string;
  /**
   * Goes on in TLS, as its server.
   *
   * @param received bytes that were read already and belong to the handshake
   * @returns the connection within, and the protocol that was agreed on
   * @throws {Error} when the handshake fails
   */
  startTls(
    received: Uint8Array,
  ): Promise<{ stream: ByteStream; alpn: string | undefined }>;
}

/** A connection whose bytes go into the reader's own buffer: what the system's sockets are, and the fastest. */
export interface RawStream {
  /**
   * Reads what has come into the buffer.
   *
   * @returns how many bytes that were; `null` at the end
   * @throws when the connection is broken
   */
  read(buffer: Uint8Array): Promise<number | null>;
  /**
   * Writes some of the bytes, and waits while the other side is slow.
   *
   * @returns how many were written
   * @throws when the connection is broken
   */
  write(bytes: Uint8Array): Promise<number>;
  /** Sends what was written, and then the end. */
  closeWrite(): Promise<void>;
  /** Ends the connection both ways, at once. To be called once. */
  close(): void;
}

/** A connection that the proxy accepted. */
export interface AcceptedConn {
  /** The client's address, without the port; `unix` for one of this machine's own sockets. */
  remoteHost: string;
  raw: RawStream;
  /**
   * Goes on in TLS, as its server; absent where none is offered.
   *
   * @param received bytes that were read already and belong to the handshake
   * @returns the connection within, and the protocol that was agreed on
   * @throws {Error} when the handshake fails
   */
  startTls?(
    received: Uint8Array,
  ): Promise<{ raw: RawStream; alpn: string | undefined }>;
}

/** A verified connection to a database, before the login. */
export interface DialledConn {
  raw: RawStream;
  /** What was dialled, its host as an address: where a cancel request must go too. */
  address: { host: string; port: number };
}

/** Connects to databases over TLS, for the proxy. */
export interface Dialer {
  /**
   * Connects to where a target is to be dialled, and verifies the server as the target says.
   *
   * @param address dialled instead, when it is given
   * @param near connected to in its place: the near end of a tunnel
   * @param signal gives up when it aborts
   * @throws {RdsiamError} `unreachable`, with what stood in the way
   */
  dial(
    target: Target,
    signal: AbortSignal,
    address?: { host: string; port: number },
    near?: { host: string; port: number },
  ): Promise<DialledConn>;
}

/** The real PostgreSQL behind the emulator. */
export interface Backend {
  /** Its major version. */
  major: number;
  /** Whether RDS would want a token from this role: whether it is a member of `rds_iam`. */
  isIamRole(username: string): Promise<boolean>;
  /** Connects to where it lets every role in without a password; for verified clients alone. */
  connectTrusted(): Promise<ByteStream>;
  /** Connects to where it asks for the role's own password. */
  connectByPassword(): Promise<ByteStream>;
}

/** A listening socket. */
export interface Listener {
  /** The port it listens on. */
  port: number;
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

/** What a certificate must lead to. `nothing` is for `sslmode` `require` alone. */
export type Trust =
  | { kind: "roots"; pem: string }
  | { kind: "system" }
  | { kind: "nothing" };

/** Where and as whom to log in to a database. */
export interface DatabaseLogin {
  /** What is dialled. */
  address: { host: string; port: number };
  /** What is connected to in place of it: the near end of a tunnel. */
  near?: { host: string; port: number } | undefined;
  /** The name that the server's certificate must be for. */
  serverName: string;
  sslmode: SslMode;
  trust: Trust;
  database: string;
  username: string;
  /** A password or a token. */
  password: Secret;
  /** Which of the two. */
  method: "password" | "token";
}

/** A session in a database. It ends with its connection: it never goes on in another one. */
export interface DatabaseSession extends AsyncDisposable {
  /**
   * Runs one statement.
   *
   * @returns the first column of its rows
   * @throws {SqlError} when the server refuses it or the connection is lost
   */
  run(sql: string, parameters?: readonly string[]): Promise<readonly string[]>;
  /** Ends the session at once, whatever it is doing; a transaction that is open comes to nothing. */
  abort(): void;
}

/** Logs in to databases. */
export interface Database {
  /**
   * Opens a session over TLS.
   *
   * @throws {RdsiamError} `unreachable`, when there is no verified connection; `refused`, when the login is refused
   */
  logIn(login: DatabaseLogin): Promise<DatabaseSession>;
}

/** What the RDS API knows, for one identity. Every call may throw {@linkcode RdsiamError} `credentials` besides. */
export interface RdsApi {
  /**
   * Everything of a region, all pages. What one call refuses is told in `failures`, and does not hide the rest.
   *
   * @throws {RdsiamError} `credentials`, when there are none to call with
   */
  list(region: string, signal?: AbortSignal): Promise<RdsInventory>;
  /**
   * The database that an endpoint belongs to, looked up by the name that the endpoint's name begins with.
   *
   * @param region where to ask; for a global database's writer endpoint, any region of one of its members
   * @returns `undefined` when this account has none of this name there
   * @throws {AwsCallError} when a call fails
   */
  find(
    host: string,
    region: string,
    signal?: AbortSignal,
  ): Promise<FoundDatabase | undefined>;
  /**
   * Reads an instance, a cluster or a proxy again.
   *
   * @returns `undefined` when it is gone
   * @throws {AwsCallError} when a call fails
   */
  read(
    database: RdsDatabase,
    signal?: AbortSignal,
  ): Promise<RdsDatabase | undefined>;
  /**
   * Turns IAM authentication on, at once and not in the maintenance window. It takes minutes: see {@linkcode RdsApi.read}.
   *
   * @param database a cluster, or an instance that belongs to none
   * @throws {AwsCallError} when it is refused
   */
  turnOnIam(
    database: RdsInstance | RdsCluster,
    signal?: AbortSignal,
  ): Promise<void>;
}

/** Says who one's credentials are. */
export interface StsApi {
  /**
   * Who the credentials are, and the time by AWS's clock.
   *
   * @throws {AwsCallError} when it is refused; its `serverTime` is AWS's clock then
   */
  identity(region: string, signal?: AbortSignal): Promise<CallerIdentity>;
}

/** What a policy simulation says. It sees no session policies and not every condition: an allow is no promise. */
export type PolicySimulation =
  | {
    decision: Decision;
    /** What denies, where it is not the identity's own policies. */
    deniedBy?: "organization" | "permissions boundary";
    /** Whose policies were asked. */
    principal: string;
  }
  | {
    /** It cannot be simulated: for the root user, or a federated one. */
    decision: "unknown";
    /** Why, as a clause: `the account's root user has no policies`. */
    why: string;
  };

/** Simulates policies. */
export interface IamApi {
  /**
   * Whether the caller's policies allow an action on a resource.
   *
   * @param callerArn as {@linkcode StsApi.identity} tells it
   * @param action such as `rds-db:connect`
   * @param resource its ARN, as `connectArn` makes it
   * @throws {AwsCallError} when it is refused
   */
  simulate(
    request: { callerArn: string; action: string; resource: string },
    signal?: AbortSignal,
  ): Promise<PolicySimulation>;
}

/** The AWS APIs as one identity calls them. */
export interface AwsApis {
  rds: RdsApi;
  sts: StsApi;
  iam: IamApi;
}

/** What a server's certificate says of itself. */
export interface ServerCertificate {
  /** The DNS names that it is for. */
  names: readonly string[];
  /** Until when it is valid, in milliseconds since the epoch. */
  expiresAt: number;
}

/** Looks at how far one gets to a database, without logging in. */
export interface EndpointProbe {
  /**
   * Opens a TCP connection and ends it.
   *
   * @throws {RdsiamError} `unreachable`, with what stood in the way
   */
  connect(
    address: { host: string; port: number },
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Starts TLS as a login does, and looks at the certificate.
   *
   * @throws {RdsiamError} `unreachable`, when there is no TLS or the certificate is not trusted
   */
  certificate(
    login: Pick<
      DatabaseLogin,
      "address" | "near" | "serverName" | "sslmode" | "trust"
    >,
  ): Promise<ServerCertificate>;
}

/** Downloads files. */
export interface Downloads {
  /**
   * Downloads a file whole.
   *
   * @throws {RdsiamError} `failed`, when it cannot be had, or is larger than that
   */
  get(url: string, limitBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** The file of a program that may be running. */
export interface ProgramFile {
  /**
   * Puts a new program in its place, at once, after it was run and said that it is this version of rdsiam.
   *
   * @throws {RdsiamError} `failed`, with what stood in the way; the old one stands then
   */
  replace(bytes: Uint8Array, version: string): Promise<void>;
}
