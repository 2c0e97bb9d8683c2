import type {
  Clock,
  PrivateFolder,
  Processes,
  Resolver,
} from "../core/ports.ts";
import type { TokenSource } from "../services/token_source.ts";
import { systemClock } from "../adapters/clock.ts";
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
  resolver(): Promise<Resolver>;
  tokens(): Promise<TokenSource>;
  processes(): Promise<Processes>;
  createFolder(): Promise<PrivateFolder>;
  /** The region of the environment or of a profile. */
  defaultRegion(profile: string | undefined): Promise<string | undefined>;
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
    async resolver() {
      return (await import("../adapters/dns.ts")).createResolver();
    },
    tokens() {
      return tokens ??= createTokenSource(clock);
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
    async defaultRegion(profile) {
      const { defaultRegion } = await import("../adapters/aws_config.ts");
      return await defaultRegion(environment, profile);
    },
  };
}

async function createTokenSource(clock: Clock): Promise<TokenSource> {
  const [{ TokenSource }, { createAwsSigner }] = await Promise.all([
    import("../services/token_source.ts"),
    import("../adapters/aws_signer.ts"),
  ]);
  return new TokenSource({ signer: createAwsSigner(clock), clock });
}

function terminalOutput(stream: typeof Deno.stdout): Output {
  const encoder = new TextEncoder();
  return {
    isTerminal: stream.isTerminal(),
    write(text) {
      const bytes = encoder.encode(text);
      for (let written = 0; written < bytes.length;) {
        written += stream.writeSync(bytes.subarray(written));
      }
    },
  };
}
