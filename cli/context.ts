import type { Config } from "../core/config/config.ts";
import { RdsiamError } from "../core/errors.ts";
import type {
  Clock,
  Database,
  PrivateFolder,
  Processes,
  Resolver,
} from "../core/ports.ts";
import type { Secret } from "../core/secret.ts";
import type { TokenSource } from "../services/token_source.ts";
import { systemClock } from "../adapters/clock.ts";
import type { PassfileContent } from "../adapters/passfile.ts";
import type { FoundService } from "../adapters/service_files.ts";
import type { Output } from "./output.ts";

/**
 * All that a command needs from outside. What costs time is made on first use, so that `--help` opens nothing.
 */
export interface Context {
  /** For results. */
  stdout: Output;
  /** For everything else. */
  stderr: Output;
  environment: Record<string, string>;
  clock: Clock;
  resolver: Resolver;
  tokens(): Promise<TokenSource>;
  processes(): Promise<Processes>;
  createFolder(): Promise<PrivateFolder>;
  /** Aborts when this process is asked to end; asked the same way again, it ends at once. */
  stopSignal(): AbortSignal;
  /** The region of the environment or of a profile. */
  defaultRegion(profile: string | undefined): Promise<string | undefined>;
  /**
   * The configuration as it is now, read anew each time: the file that is named, else that of `RDSIAM_CONFIG`, else those
   * that are found.
   */
  loadConfig(file?: string): Promise<Config>;
  /** The configuration file that a target is added to: the one that `loadConfig` would read first, or the user's own. */
  configPath(file?: string): Promise<string>;
  /** Changes a file that holds no secret; an old text of `""` is none. */
  editFile(
    path: string,
    change: (oldText: string) => Promise<string>,
  ): Promise<void>;
  /** The sections of libpq's service files. */
  loadServices(): Promise<readonly FoundService[]>;
  /** Logs in to PostgreSQL. */
  database(): Promise<Database>;
  /** The passfile that libpq would read, with its path. */
  readPassfile(): Promise<{ path: string; content: PassfileContent }>;
  /** Asks on the terminal for a password; `undefined` where there is none. */
  askPassword(question: string): Promise<Secret | undefined>;
}

/** The context of a real run. */
export function createContext(): Context {
  const environment = Deno.env.toObject();
  const clock = systemClock;
  let tokens: Promise<TokenSource> | undefined;
  return {
    stdout: terminalOutput(Deno.stdout),
    stderr: terminalOutput(Deno.stderr),
    environment,
    clock,
    resolver: {
      alias: async (name) => (await loadResolver()).alias(name),
      address: async (host) => (await loadResolver()).address(host),
    },
    tokens() {
      return tokens ??= createTokenSource(clock, environment);
    },
    async processes() {
      return (await import("../adapters/process.ts")).systemProcesses;
    },
    async createFolder() {
      const { createPrivateFolder } = await import(
        "../adapters/private_folder.ts"
      );
      return await createPrivateFolder(environment);
    },
    stopSignal: abortOnSignals,
    async defaultRegion(profile) {
      const { defaultRegion } = await import("../adapters/aws_config.ts");
      return await defaultRegion(environment, profile);
    },
    async loadConfig(file) {
      const { loadConfig } = await import("../adapters/config_files.ts");
      return await loadConfig(file, environment);
    },
    async configPath(file) {
      const { configPath } = await import("../adapters/config_paths.ts");
      return await configPath(file, environment);
    },
    async editFile(path, change) {
      const { editFile } = await import("../adapters/edit_file.ts");
      await editFile(path, change);
    },
    async loadServices() {
      const { loadServices } = await import("../adapters/service_files.ts");
      return await loadServices(environment);
    },
    async database() {
      return (await import("../adapters/postgres_admin.ts")).postgresDatabase;
    },
    async readPassfile() {
      const { passfilePath, readPassfile } = await import(
        "../adapters/passfile.ts"
      );
      const path = passfilePath(environment);
      return path === undefined
        ? { path: "", content: { kind: "missing" } }
        : { path, content: await readPassfile(path) };
    },
    async askPassword(question) {
      return await (await import("../adapters/prompt.ts")).askPassword(
        question,
      );
    },
  };
}

async function createTokenSource(
  clock: Clock,
  environment: Record<string, string>,
): Promise<TokenSource> {
  const [{ TokenSource }, { createAwsSigner }] = await Promise.all([
    import("../services/token_source.ts"),
    import("../adapters/aws_signer.ts"),
  ]);
  return new TokenSource({
    signer: createAwsSigner(clock, environment),
    clock,
  });
}

function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) {
    const stop = () => {
      // The same signal once more ends this process at once, as if nobody listened.
      Deno.removeSignalListener(signal, stop);
      controller.abort();
    };
    Deno.addSignalListener(signal, stop);
  }
  return controller.signal;
}

async function loadResolver(): Promise<Resolver> {
  return (await import("../adapters/dns.ts")).createResolver();
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
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new RdsiamError("failed", `Output cannot be written: ${why}`, {
          hint: "Check the file or the program that it goes to",
          cause,
        });
      }
    },
  };
}
