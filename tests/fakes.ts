/** Stand-ins for the world outside, which the tests of every layer share. They need no permissions. */
import type { Context } from "../cli/frame/context.ts";
import type { Output } from "../cli/frame/output.ts";
import type { Config } from "../core/config/config.ts";
import { RdsiamError } from "../core/errors.ts";
import type { AcceptedStream, ByteStream } from "../core/ports/streams.ts";
import type {
  Child,
  ExitStatus,
  Processes,
  Shell,
} from "../core/ports/process.ts";
import type { Clock } from "../core/ports/clock.ts";
import type {
  Files,
  FileUpdate,
  FileUpdateOptions,
  PrivateFolder,
} from "../core/ports/files.ts";
import type { Resolver } from "../core/ports/resolver.ts";
import type { Signer } from "../core/token/signer.ts";
import { Secret } from "../core/secret.ts";
import type { TargetFields } from "../core/target/fields.ts";
import type { Target } from "../core/target/target.ts";
import type { AuthToken, TokenRequest } from "../core/token/token.ts";
import type { WriterEntry } from "../core/writer/writer.ts";
import { TokenSource } from "../services/token/token_source.ts";

/** The time that a {@linkcode FakeClock} begins at. */
export const START = Date.parse("2026-01-15T12:34:56Z");

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

/** A clock that stands still until the test moves it. */
export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<{ left: number; wake: () => void }>();

  constructor(now = START) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (signal?.aborted) resolve();
    const sleeper = { left: ms, wake: resolve };
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", () => resolve());
    return promise.finally(() => this.#sleepers.delete(sleeper));
  }

  /** How many wait. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** Lets so much time pass, waking each sleeper when it is due. */
  async advance(ms: number): Promise<void> {
    await settle();
    for (let left = ms; left > 0;) {
      const step = Math.min(left, ...[...this.#sleepers].map((s) => s.left));
      left -= step;
      this.#now += step;
      for (const sleeper of this.#sleepers) {
        sleeper.left -= step;
        if (sleeper.left <= 0) sleeper.wake();
      }
      await settle();
    }
  }

  /** Sets the wall clock forth or back while timers stand still, as suspension or an administrator does. */
  jump(ms: number): void {
    this.#now += ms;
  }
}

/** A signer that counts its calls; `answer` may be replaced. Its secrets are `token-1`, `token-2` … */
export class FakeSigner implements Signer {
  readonly requests: TokenRequest[] = [];
  lifetimeMs = 900_000;
  answer: (request: TokenRequest) => Promise<AuthToken>;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.answer = () => Promise.resolve(this.token());
  }

  get calls(): number {
    return this.requests.length;
  }

  sign(request: TokenRequest): Promise<AuthToken> {
    this.requests.push(request);
    return this.answer(request);
  }

  /** The token that this call gives by default. */
  token(): AuthToken {
    const issuedAt = this.#clock.now();
    const secret = new Secret(`token-${this.calls}`);
    return { secret, issuedAt, expiresAt: issuedAt + this.lifetimeMs };
  }

  /** From now on, fails. */
  fail(message = "No AWS credentials were found"): void {
    this.answer = () => Promise.reject(new RdsiamError("credentials", message));
  }

  /** From now on, never answers. */
  hang(): void {
    this.answer = () => Promise.withResolvers<AuthToken>().promise;
  }

  /** From now on, works again. */
  recover(): void {
    this.answer = () => Promise.resolve(this.token());
  }
}

/** A resolver with its own names, which remembers what it was asked. */
export class FakeResolver implements Resolver {
  readonly asked: string[] = [];

  constructor(
    readonly aliases: Record<string, string> = {},
    readonly addresses: Record<string, string> = {},
  ) {}

  alias(name: string): Promise<string | undefined> {
    this.asked.push(name);
    return Promise.resolve(this.aliases[name]);
  }

  address(host: string): Promise<string> {
    this.asked.push(host);
    const address = this.addresses[host];
    return address !== undefined
      ? Promise.resolve(address)
      : Promise.reject(new RdsiamError("unreachable", `No address of ${host}`));
  }
}

/** A target that is complete, but for what the test wants otherwise. */
export function fakeTarget(changes: Partial<Target> = {}): Target {
  return {
    engine: "postgres",
    host: "orders.abc.eu-west-1.rds.amazonaws.com",
    port: 5432,
    username: "app",
    database: "orders",
    region: "eu-west-1",
    sslmode: "verify-full",
    ...changes,
  };
}

/** What a writer is given of that target, but for what the test wants otherwise. */
export function fakeEntry(changes: Partial<WriterEntry> = {}): WriterEntry {
  return {
    name: "orders",
    engine: "postgres",
    host: "orders.abc.eu-west-1.rds.amazonaws.com",
    port: 5432,
    username: "app",
    database: "orders",
    sslmode: "verify-full",
    sslrootcert: "/home/app/rds-ca.pem",
    passfile: "/home/app/.pgpass",
    rdsiam: ["/usr/bin/rdsiam"],
    password: new Secret("token-1"),
    expiresAt: START + 900_000,
    ...changes,
  };
}

/** One end of a connection in memory. */
export class MemoryStream {
  readonly #received: Uint8Array[] = [];
  #wake: (() => void) | undefined;
  #peer: MemoryStream | undefined;
  isClosed = false;

  /** Makes both ends of a connection. */
  static pair(): [MemoryStream, MemoryStream] {
    const [one, other] = [new MemoryStream(), new MemoryStream()];
    one.#peer = other;
    other.#peer = one;
    return [one, other];
  }

  async read(): Promise<Uint8Array | undefined> {
    while (this.#received.length === 0 && !this.isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    return this.#received.shift();
  }

  write(bytes: Uint8Array): Promise<void> {
    const peer = this.#peer;
    if (peer !== undefined && !this.isClosed && bytes.length > 0) {
      peer.#received.push(bytes.slice());
      peer.#wake?.();
    }
    return Promise.resolve();
  }

  close(): void {
    for (const end of [this, this.#peer]) {
      if (end === undefined) continue;
      end.isClosed = true;
      end.#wake?.();
    }
  }

  /** This end as a server has it. */
  get stream(): ByteStream {
    let unread = new Uint8Array();
    return {
      read: async (buffer) => {
        if (unread.length === 0) {
          const chunk = await this.read();
          if (chunk === undefined) return null;
          unread = Uint8Array.from(chunk);
        }
        const count = Math.min(unread.length, buffer.length);
        buffer.set(unread.subarray(0, count));
        unread = unread.subarray(count);
        return count;
      },
      write: async (bytes) => {
        await this.write(bytes);
        return bytes.length;
      },
      closeWrite: () => Promise.resolve(this.close()),
      close: () => this.close(),
    };
  }

  /** All that has come and was not read. */
  async received(): Promise<Uint8Array<ArrayBuffer>> {
    await settle();
    return Uint8Array.from(this.#received.splice(0).flatMap((b) => [...b]));
  }
}

/** A client's connection to a server, with the ends that the client has: `plain`, and `secure` within TLS. */
export function fakeConnection(
  { alpn, tlsError }: { alpn?: string; tlsError?: Error } = {},
) {
  const [plain, accepted] = MemoryStream.pair();
  const [secure, secureAccepted] = MemoryStream.pair();
  const handshakes: Uint8Array[] = [];
  const stream: AcceptedStream = {
    remoteHost: "203.0.113.9",
    stream: accepted.stream,
    startTls(received) {
      handshakes.push(received);
      return tlsError === undefined
        ? Promise.resolve({ stream: secureAccepted.stream, alpn })
        : Promise.reject(tlsError);
    },
  };
  return { plain, secure, accepted: stream, handshakes };
}

/** A private folder in memory, which keeps every version of its files. */
export class FakeFolder implements PrivateFolder {
  readonly written: [name: string, content: string][] = [];
  isDisposed = false;
  /** Fails the next writes. */
  error: Error | undefined;

  write(name: string, content: string): Promise<string> {
    if (this.error !== undefined) return Promise.reject(this.error);
    this.written.push([name, content]);
    return Promise.resolve(`/private/${name}`);
  }

  /** How often it is still said to be in use. */
  uses = 0;

  isInUse(): Promise<boolean> {
    return Promise.resolve(this.uses-- > 0);
  }

  /** The last content of a file. */
  content(name: string): string | undefined {
    return this.written.findLast(([written]) => written === name)?.[1];
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

/** Files in memory. */
export class FakeFiles implements Files {
  readonly content = new Map<string, string>();
  /** Paths whose content must be private. */
  readonly secret = new Set<string>();
  /** How often each path was given new content. */
  readonly writes = new Map<string, number>();
  /** Fails the next updates. */
  error: Error | undefined;

  async update(
    path: string,
    change: (oldText: string) => string | Promise<string>,
    { isSecret }: FileUpdateOptions,
  ): Promise<FileUpdate> {
    if (this.error !== undefined) throw this.error;
    const oldText = this.content.get(path) ?? "";
    const newText = await change(oldText);
    if (isSecret) this.secret.add(path);
    if (newText === "") this.content.delete(path);
    else this.content.set(path, newText);
    const changed = newText !== oldText;
    if (changed) this.writes.set(path, (this.writes.get(path) ?? 0) + 1);
    return { changed, notices: [] };
  }

  read(path: string): Promise<string | undefined> {
    return Promise.resolve(this.content.get(path));
  }
}

/** Runs nothing, and remembers what it was to run. */
export class FakeShell implements Shell {
  readonly ran: {
    command: string;
    input: string;
    environment: Readonly<Record<string, string>>;
  }[] = [];
  /** Fails the next commands. */
  error: Error | undefined;

  run(
    command: string,
    input: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<void> {
    this.ran.push({ command, input, environment });
    return this.error === undefined
      ? Promise.resolve()
      : Promise.reject(this.error);
  }
}

/** Starts nothing, and ends when the test says so. */
export class FakeProcesses implements Processes {
  readonly spawned: {
    command: readonly string[];
    environment: Record<string, string>;
  }[] = [];
  /** Is thrown instead of starting. */
  error: Error | undefined;
  readonly #exit = Promise.withResolvers<ExitStatus>();

  spawn(
    command: readonly [string, ...string[]],
    environment: Record<string, string>,
  ): Child {
    if (this.error !== undefined) throw this.error;
    this.spawned.push({ command, environment });
    return { exited: this.#exit.promise };
  }

  end(status: ExitStatus = { kind: "code", code: 0 }): void {
    this.#exit.resolve(status);
  }
}

/** Keeps what is written to it. */
export class FakeOutput implements Output {
  text = "";
  isTerminal = false;

  write(text: string): void {
    this.text += text;
  }
}

/** A configuration of one file, with these targets. */
export function fakeConfig(
  targets: Record<string, TargetFields> = {},
  rest: Partial<Config> = {},
): Config {
  const file = "/work/rdsiam.toml";
  return {
    files: [file],
    targets: new Map(
      Object.entries(targets).map(([name, fields]) => [
        name,
        { name, fields, file },
      ]),
    ),
    sync: [],
    ...rest,
  };
}

/** A context that opens nothing; each part may be replaced. What is not in it throws when it is used. */
export function fakeContext(parts: Partial<Context> = {}) {
  function unexpected(what: string) {
    return (): never => {
      throw new Error(`${what} was used`);
    };
  }
  const clock = new FakeClock();
  const stdout = new FakeOutput();
  const stderr = new FakeOutput();
  const context: Context = {
    stdout,
    stderr,
    environment: {},
    inheritedEnvironment: parts.environment ?? {},
    clock,
    resolver: { alias: unexpected("DNS"), address: unexpected("DNS") },
    credentials: unexpected("AWS credentials"),
    tokens: unexpected("The token source"),
    aws: unexpected("An AWS API"),
    tunnels: unexpected("A tunnel"),
    processes: unexpected("The starter of processes"),
    createFolder: unexpected("A private folder"),
    stopSignal: unexpected("A signal"),
    files: unexpected("A file"),
    shell: unexpected("The shell"),
    defaultRegion: unexpected("The AWS configuration"),
    loadConfig: () => Promise.resolve(fakeConfig({}, { files: [] })),
    configVersion: () => Promise.resolve(""),
    configPath: unexpected("The place of the configuration"),
    loadPgServices: unexpected("A service file"),
    database: unexpected("A database"),
    readPassfile: unexpected("The passfile"),
    askText: unexpected("The terminal"),
    choose: unexpected("The terminal"),
    regionRoots: (region) => Promise.resolve(`roots of ${region}`),
    keptRoots: () => Promise.resolve(""),
    askSecret: unexpected("The terminal"),
    signIn: unexpected("The AWS CLI"),
    ...parts,
  };
  return { context, clock, stdout, stderr };
}

/** A {@linkcode fakeContext} whose token source and processes work. */
export function workingContext(parts: Partial<Context> = {}) {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  const tokens = new TokenSource({ signer, clock });
  const processes = new FakeProcesses();
  const folder = new FakeFolder();
  const { context, stdout, stderr } = fakeContext({
    clock,
    tokens: () => Promise.resolve(tokens),
    processes: () => Promise.resolve(processes),
    createFolder: () => Promise.resolve(folder),
    ...parts,
  });
  return { context, clock, signer, processes, folder, stdout, stderr };
}
