import type { Config } from "../../core/config/config.ts";
import type { EngineName } from "../../core/engine/engine.ts";
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
import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import type { PassfileContent } from "../../adapters/passfile/read_passfile.ts";
import type { FoundPgService } from "../../adapters/config/service_files.ts";
import type { Output } from "./output.ts";

/**
 * All that a command needs from outside. What costs time is made on first use, so that `--help` opens nothing. A function
 * names the part that it uses: `Pick<Context, "clock" | "tokens">`.
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
   * that are found. Where one target alone is wanted, others may be missing.
   */
  loadConfig(file?: string, only?: string): Promise<Config>;
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
