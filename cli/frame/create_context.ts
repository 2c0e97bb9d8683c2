import type { CredentialSource } from "../../adapters/credentials/credential_source.ts";
import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import { systemClock } from "../../adapters/process/clock.ts";
import { stopSignal } from "../../adapters/process/stop_signal.ts";
import { outsideOfExec } from "../../core/engine/exec_mark.ts";
import type { Resolver } from "../../core/ports/resolver.ts";
import type { TokenSource } from "../../services/token/token_source.ts";
import type { Tunnels } from "../../services/tunnel/tunnels.ts";
import type { Context } from "./context.ts";
import { dropping, terminalOutput } from "./output.ts";

/** What the parts of a context are made of. */
type Given = Pick<Context, "clock" | "environment">;

/** The context of a real run; disposing of it closes what it has opened. */
export function createContext(): Context & AsyncDisposable {
  const inheritedEnvironment = Deno.env.toObject();
  const environment = outsideOfExec(inheritedEnvironment);
  // Node's TLS, which the AWS SDK calls through, would verify nobody.
  Deno.env.delete("NODE_TLS_REJECT_UNAUTHORIZED");
  const given = { clock: systemClock, environment };
  return {
    ...given,
    inheritedEnvironment,
    stdout: terminalOutput(Deno.stdout),
    stderr: dropping(terminalOutput(Deno.stderr)),
    ...systemContext(given),
    ...configContext(given),
    ...awsContext(given),
    ...databaseContext(given),
    ...terminalContext(),
  };
}

/** Programs, files and names of this machine. */
function systemContext({ clock, environment }: Given) {
  const loadResolver = async (): Promise<Resolver> =>
    (await import("../../adapters/net/dns.ts")).createResolver();
  return {
    stopSignal,
    resolver: {
      alias: async (name) => (await loadResolver()).alias(name),
      address: async (host) => (await loadResolver()).address(host),
    },
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
  } satisfies Partial<Context>;
}

/** What is configured, by rdsiam's own files and by others'. */
function configContext({ environment }: Given) {
  return {
    async loadConfig(file, only) {
      const { loadConfig } = await import(
        "../../adapters/config/config_files.ts"
      );
      return await loadConfig(file, environment, undefined, only);
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
    async defaultRegion(profile) {
      const { defaultRegion } = await import(
        "../../adapters/credentials/shared_config.ts"
      );
      return await defaultRegion(environment, profile);
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
  } satisfies Partial<Context>;
}

/** Credentials and all that is done with them; disposing of it closes the tunnels. */
function awsContext({ clock, environment }: Given) {
  let source: Promise<CredentialSource> | undefined;
  let tokens: Promise<TokenSource> | undefined;
  let tunnels: Promise<Tunnels> | undefined;
  async function createSource(help?: SignInHelp) {
    const { CredentialSource } = await import(
      "../../adapters/credentials/credential_source.ts"
    );
    return new CredentialSource(clock, environment, help);
  }
  const credentials = (help?: SignInHelp) => source ??= createSource(help);
  async function createTokens(help?: SignInHelp) {
    const [{ TokenSource }, { signWith }] = await Promise.all([
      import("../../services/token/token_source.ts"),
      import("../../adapters/credentials/credential_source.ts"),
    ]);
    const signer = signWith(await credentials(help), clock);
    return new TokenSource({ signer, clock });
  }
  async function createTunnels() {
    const [{ Tunnels }, { createTunnel }, { listenTcp }] = await Promise.all([
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
  return {
    credentials,
    tokens: (help) => tokens ??= createTokens(help),
    async aws(identity, help) {
      const { createAwsApis } = await import("../../adapters/aws/apis.ts");
      return createAwsApis({ credentials: await credentials(help), identity });
    },
    tunnels: () => tunnels ??= createTunnels(),
    async [Symbol.asyncDispose]() {
      await (await tunnels)?.[Symbol.asyncDispose]();
    },
  } satisfies Partial<Context> & AsyncDisposable;
}

/** Databases, and the roots that their certificates lead to. */
function databaseContext({ clock, environment }: Given) {
  return {
    async database(engine) {
      const { ENGINES } = await import("../../core/engine/engines.ts");
      return ENGINES[engine].protocol === "mysql"
        ? (await import("../../adapters/mysql/database.ts")).mysqlDatabase
        : (await import("../../adapters/postgres/admin.ts")).postgresDatabase;
    },
    async regionRoots(region) {
      const { regionRoots } = await import("../../adapters/roots/rds_roots.ts");
      return await regionRoots(region, { environment, now: clock.now() });
    },
    async keptRoots() {
      const { keptRoots } = await import("../../adapters/roots/rds_roots.ts");
      return await keptRoots({ environment, now: clock.now() });
    },
  } satisfies Partial<Context>;
}

/** Questions to the person at the terminal. */
function terminalContext() {
  return {
    async askText(question) {
      return await (await import("../../adapters/terminal/ask_text.ts"))
        .askText(question);
    },
    async askSecret(question) {
      return await (await import("../../adapters/terminal/prompt.ts"))
        .askSecret(question);
    },
    async choose(question, choices) {
      const { choose } = await import("../../adapters/terminal/choose.ts");
      return await choose(question, choices);
    },
    async signIn(command) {
      const { runSignIn } = await import(
        "../../adapters/credentials/aws_cli.ts"
      );
      await runSignIn(command);
    },
  } satisfies Partial<Context>;
}
