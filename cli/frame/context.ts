import type { Config } from "../../core/config/config.ts";
import type { EngineName } from "../../core/engine/engine.ts";
import { outsideOfExec } from "../../core/engine/exec_mark.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Database } from "../../core/database/database.ts";
import type { Files, PrivateFolder } from "../../core/ports/files.ts";
import type { Processes, Shell } from "../../core/ports/process.ts";
import type { Resolver } from "../../core/ports/resolver.ts";
import type { Secret } from "../../core/secret.ts";
import type { TokenSource } from "../../services/token/token_source.ts";
import type { Tunnels } from "../../services/tunnel/tunnels.ts";
import type { AwsCaller } from "../../adapters/aws/client_config.ts";
import type { CredentialSource } from "../../adapters/credentials/credential_source.ts";
import type { Choice } from "../../adapters/terminal/choose.ts";
import { systemClock } from "../../adapters/process/clock.ts";
import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import type { PassfileContent } from "../../adapters/passfile/read_passfile.ts";
import type { FoundPgService } from "../../adapters/config/service_files.ts";
import { stopSignal } from "../../adapters/process/stop_signal.ts";
import { dropping, type Output, OutputError } from "./output.ts";

/**
 * All that a command needs from outside. What costs time is made on first use, so that `--help` opens nothing.
 */
export interface Context {
  /** For results. */
  stdout: Output;
  /** For everything else; what nobody reads is dropped. */
  stderr: Output;
  /** The environment; what a surrounding `rdsiam exec` put there for its program is not in it. */
  environment: Record<string, string>;
  /** The environment as it is, for programs to inherit. */
  inheritedEnvironment: Record<string, string>;
  clock: Clock;
  resolver: Resolver;
  /**
   * The AWS credentials, looked up and asked for once, whoever needs them. Of these three, the first call says who helps
   * to sign in.
   */
  credentials(help?: SignInHelp): Promise<CredentialSource>;
  /** The source of tokens, which is one for all. */
  tokens(help?: SignInHelp): Promise<TokenSource>;
  /** The AWS APIs, called as a profile or as a role that it assumes. */
  aws(identity: AwsCaller["identity"], help?: SignInHelp): Promise<AwsApis>;
  /** The tunnels to private databases, which are open until this program ends. */
  tunnels(): Promise<Tunnels>;
  processes(): Promise<Processes>;
  createFolder(): Promise<PrivateFolder>;
  /**
   * Aborts when this process is asked to end; asked the same way again, it ends at once. With `onHangup`, SIGHUP calls
   * that instead.
   */
  stopSignal(onHangup?: () => void): AbortSignal;
  /** Files that other programs read and write, too. */
  files(): Promise<Files>;
  /** The user's shell. */
  shell(): Promise<Shell>;
  /** The region of the environment or of a profile. */
  defaultRegion(profile: string | undefined): Promise<string | undefined>;
  /**
   * The configuration as it is now, read anew each time: the file that is named, else that of `RDSIAM_CONFIG`, else those
   * that are found.
   */
  loadConfig(file?: string): Promise<Config>;
  /** A text that is another one when what {@linkcode Context.loadConfig} reads has changed. */
  configVersion(file?: string): Promise<string>;
  /** The configuration file that a target is added to: the one that `loadConfig` would read first, or the user's own. */
  configPath(file?: string): Promise<string>;
  /** The sections of libpq's service files. */
  loadPgServices(): Promise<readonly FoundPgService[]>;
  /** Logs in to databases of an engine. */
  database(engine: EngineName): Promise<Database>;
  /** The passfile that libpq would read, with its path. */
  readPassfile(): Promise<{ path: string; content: PassfileContent }>;
  /** Asks on the terminal for a text; `undefined` where there is none. */
  askText(question: string): Promise<string | undefined>;
  /** Lets several be chosen on the terminal; `undefined` where there is none. */
  choose(
    question: string,
    choices: readonly Choice[],
  ): Promise<readonly string[] | undefined>;
  /** The roots of RDS for a region that rdsiam carries none for: kept ones, else from AWS. */
  regionRoots(region: string): Promise<string>;
  /** The roots that were kept for all such regions. */
  keptRoots(): Promise<string>;
  /** Asks on the terminal for a secret; `undefined` where there is none. */
  askSecret(question: string): Promise<Secret | undefined>;
  /** Lets a person sign in by a command of the AWS CLI. */
  signIn(command: readonly [string, ...string[]]): Promise<void>;
}

/** The context of a real run; disposing of it closes what it has opened. */
export function createContext(): Context & AsyncDisposable {
  const inheritedEnvironment = Deno.env.toObject();
  const environment = outsideOfExec(inheritedEnvironment);
  // Node's TLS, which the AWS SDK calls through, would verify nobody.
  Deno.env.delete("NODE_TLS_REJECT_UNAUTHORIZED");
  const clock = systemClock;
  let tokens: Promise<TokenSource> | undefined;
  let source: Promise<CredentialSource> | undefined;
  let tunnels: Promise<Tunnels> | undefined;
  function credentials(help?: SignInHelp) {
    return source ??= createCredentialSource(clock, environment, help);
  }
  return {
    stdout: terminalOutput(Deno.stdout),
    stderr: dropping(terminalOutput(Deno.stderr)),
    environment,
    inheritedEnvironment,
    clock,
    resolver: {
      alias: async (name) => (await loadResolver()).alias(name),
      address: async (host) => (await loadResolver()).address(host),
    },
    credentials,
    tokens(help) {
      return tokens ??= createTokenSource(credentials(help), clock);
    },
    async aws(identity, help) {
      const { createAwsApis } = await import("../../adapters/aws/apis.ts");
      return createAwsApis({ credentials: await credentials(help), identity });
    },
    tunnels: () => tunnels ??= openTunnels(credentials, clock, environment),
    async processes() {
      return (await import("../../adapters/process/process.ts"))
        .systemProcesses;
    },
    async files() {
      return (await import("../../adapters/files/files.ts")).createFiles(clock);
    },
    async shell() {
      return (await import("../../adapters/process/shell.ts")).createShell();
    },
    async createFolder() {
      const { createPrivateFolder } = await import(
        "../../adapters/files/private_folder.ts"
      );
      return await createPrivateFolder(environment);
    },
    stopSignal,
    async defaultRegion(profile) {
      const { defaultRegion } = await import(
        "../../adapters/credentials/shared_config.ts"
      );
      return await defaultRegion(environment, profile);
    },
    async loadConfig(file) {
      const { loadConfig } = await import(
        "../../adapters/config/config_files.ts"
      );
      return await loadConfig(file, environment);
    },
    async configVersion(file) {
      const { configVersion } = await import(
        "../../adapters/config/config_files.ts"
      );
      return await configVersion(file, environment);
    },
    async configPath(file) {
      const { configPath } = await import(
        "../../adapters/config/config_paths.ts"
      );
      return await configPath(file, environment);
    },
    async loadPgServices() {
      const { loadPgServices } = await import(
        "../../adapters/config/service_files.ts"
      );
      return await loadPgServices(environment);
    },
    async database(engine) {
      const { ENGINES } = await import("../../core/engine/engines.ts");
      return ENGINES[engine].protocol === "mysql"
        ? (await import("../../adapters/mysql/database.ts")).mysqlDatabase
        : (await import("../../adapters/postgres/admin.ts")).postgresDatabase;
    },
    async readPassfile() {
      const [{ passfilePath }, { readPassfile }] = await Promise.all([
        import("../../core/passfile/path.ts"),
        import("../../adapters/passfile/read_passfile.ts"),
      ]);
      const path = passfilePath(environment, Deno.build.os);
      return path === undefined
        ? { path: "", content: { kind: "missing" } }
        : { path, content: await readPassfile(path) };
    },
    async askText(question) {
      return await (await import("../../adapters/terminal/ask_text.ts"))
        .askText(question);
    },
    async choose(question, choices) {
      const { choose } = await import("../../adapters/terminal/choose.ts");
      return await choose(question, choices);
    },
    async regionRoots(region) {
      const { regionRoots } = await import("../../adapters/roots/rds_roots.ts");
      return await regionRoots(region, { environment, now: clock.now() });
    },
    async keptRoots() {
      const { keptRoots } = await import("../../adapters/roots/rds_roots.ts");
      return await keptRoots({ environment, now: clock.now() });
    },
    async askSecret(question) {
      return await (await import("../../adapters/terminal/prompt.ts"))
        .askSecret(question);
    },
    async signIn(command) {
      await (await import("../../adapters/credentials/aws_cli.ts")).runSignIn(
        command,
      );
    },
    async [Symbol.asyncDispose]() {
      await (await tunnels)?.[Symbol.asyncDispose]();
    },
  };
}

async function openTunnels(
  credentials: () => Promise<CredentialSource>,
  clock: Clock,
  environment: Record<string, string>,
): Promise<Tunnels> {
  const [{ Tunnels }, { createTunnel }, { listenTcp }] = await Promise
    .all([
      import("../../services/tunnel/tunnels.ts"),
      import("../../adapters/tunnel/create_tunnel.ts"),
      import("../../adapters/net/listen.ts"),
    ]);
  return new Tunnels({
    clock,
    create: ({ tunnel, region, profile, roleArn }) =>
      createTunnel(tunnel, {
        ...{ environment, clock, region },
        caller: async () => ({
          credentials: await credentials(),
          identity: {
            ...(profile !== undefined && { profile }),
            ...(roleArn !== undefined && { roleArn }),
          },
        }),
      }),
    listen: (accept) => listenTcp("127.0.0.1", 0, undefined, accept),
  });
}

async function createCredentialSource(
  clock: Clock,
  environment: Record<string, string>,
  help: SignInHelp | undefined,
): Promise<CredentialSource> {
  const { CredentialSource } = await import(
    "../../adapters/credentials/credential_source.ts"
  );
  return new CredentialSource(clock, environment, help);
}

async function createTokenSource(
  credentials: Promise<CredentialSource>,
  clock: Clock,
): Promise<TokenSource> {
  const [{ TokenSource }, { signWith }] = await Promise.all([
    import("../../services/token/token_source.ts"),
    import("../../adapters/credentials/credential_source.ts"),
  ]);
  return new TokenSource({ signer: signWith(await credentials, clock), clock });
}

async function loadResolver(): Promise<Resolver> {
  return (await import("../../adapters/net/dns.ts")).createResolver();
}

function terminalOutput(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    write(text) {
      const bytes = encoder.encode(text);
      try {
        for (let written = 0; written < bytes.length;) {
          written += stream.writeSync(bytes.subarray(written));
        }
      } catch (cause) {
        if (cause instanceof Deno.errors.BrokenPipe) throw cause;
        throw new OutputError(cause);
      }
    },
  };
}
