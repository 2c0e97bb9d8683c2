import { errorMessage } from "../../core/errors.ts";
import { applyEnvironment, type Login } from "../../core/engine/child_env.ts";
import type { ClientFile } from "../../core/engine/engine.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import { markExec } from "../../core/engine/exec_mark.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Child, ExitStatus, Processes } from "../../core/ports/process.ts";
import type { PrivateFolder } from "../../core/ports/files.ts";
import type { Secret } from "../../core/secret.ts";
import type { Target } from "../../core/target/target.ts";
import type { AuthToken } from "../../core/token/token.ts";
import type { TokenSource } from "../token/token_source.ts";
import type { NearEnd } from "../tunnel/tunnels.ts";

/** How often to look whether anything runs that a program has started, in milliseconds. */
const LOOK_MS = 1_000;

/** How a child gets its login: in a file that is kept fresh, once in its environment, or from a proxy of its own. */
export type Via = "passfile" | "password" | "proxy";

/** A proxy that serves one target on this machine, until it is disposed of. */
export interface LocalEndpoint extends AsyncDisposable {
  host: string;
  port: number;
  /** What its clients log in with. */
  password: Secret;
}

/** What to run, and as whom. */
export interface ExecPlan {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** Where it shall connect; the host of `connect` an IP address. */
  target: Target;
  /** How it gets its login; `undefined` for what suits the program. */
  via: Via | undefined;
  /**
   * How long the login is kept after the program has ended, in milliseconds, and whether for as long as anything runs that
   * it has started: launchers start a program and end.
   */
  stay?: { forMs: number; whileInUse: boolean };
  /** The environment that it inherits. */
  environment: Readonly<Record<string, string>>;
}

/** What {@linkcode exec} needs from outside. */
export interface ExecPorts {
  tokens: TokenSource;
  clock: Clock;
  processes: Processes;
  /** Makes the folder that is private to this run. */
  createFolder: () => Promise<PrivateFolder>;
  /** The certificate bundle, as PEM, for a target that names none. */
  caBundle: () => Promise<string>;
  /** Those of some files that are there. */
  existing: (paths: readonly string[]) => Promise<readonly string[]>;
  /** What a program says of its version; empty when it says nothing. */
  versionOf: (program: string) => Promise<string>;
  /** Starts a proxy for a target. */
  startProxy: (target: Target) => Promise<LocalEndpoint>;
  /** Opens the tunnel of a target for a client that dials by itself; `undefined` where it has none. */
  openTunnel: (target: Target) => Promise<NearEnd | undefined>;
  /** Hears of what the user should know. */
  warn: (message: string) => void;
}

/**
 * Runs a program with the login to a target injected, and keeps it able to log in until it ends. Nothing secret stays
 * behind.
 *
 * @throws {ProgramError} when the program cannot be started
 * @throws {RdsiamError} `credentials`, when no token can be signed; `usage`, when the program cannot be given the login
 */
export async function exec(
  plan: ExecPlan,
  ports: ExecPorts,
): Promise<ExitStatus> {
  const engine = ENGINES[plan.target.engine];
  const [program] = plan.command;
  const via = plan.via ?? engine.defaultVia({
    program,
    isElsewhere: isElsewhere(plan.target),
    sslrootcert: plan.target.sslrootcert,
  });
  const version = engine.asksVersion(program)
    ? await ports.versionOf(program)
    : undefined;
  // A client of MySQL complains of an included file that is missing.
  const userFiles = await ports.existing(engine.userFiles(plan.environment));
  const { command } = plan;
  const file = engine.clientFile({ command, via, userFiles, version });
  const token = await ports.tokens.get(plan.target);
  if (via === "proxy") return await execBehindProxy(plan, file, ports);
  await using near = await ports.openTunnel(plan.target);
  await using folder = await ports.createFolder();
  const target = await withRoots(
    near === undefined ? plan.target : atNearEnd(plan.target, near),
    folder,
    ports,
  );
  const path = file && await write(file, folder, target, token);
  const login: Login = via === "passfile" && path !== undefined
    ? { kind: "passfile", path }
    : { kind: "password", token: token.secret, path };
  const started = file && path !== undefined ? file.command(path) : command;
  const child = spawn({ ...plan, command: started }, target, login, ports);
  const ended = new AbortController();
  const refreshing = file && login.kind === "passfile"
    ? refresh(file, folder, target, ports, ended.signal)
    : Promise.resolve();
  try {
    const status = await child.exited;
    await stay(plan, folder, ports);
    return status;
  } finally {
    ended.abort();
    await refreshing;
  }
}

/** The target as a client finds it at the near end of its tunnel: named, signed for and verified as ever. */
function atNearEnd(target: Target, { address }: NearEnd): Target {
  const { tunnel: _, ...rest } = target;
  return { ...rest, connect: address };
}

/** The proxy signs a token for each connection: nothing need be kept fresh. */
async function execBehindProxy(
  plan: ExecPlan,
  file: ClientFile | undefined,
  ports: ExecPorts,
): Promise<ExitStatus> {
  await using endpoint = await ports.startProxy(plan.target);
  const { host, port, password } = endpoint;
  const login: Login = { kind: "proxy", host, port, password };
  if (file === undefined) {
    return await spawn(plan, plan.target, login, ports).exited;
  }
  await using folder = await ports.createFolder();
  const { connect: _, ...target } = { ...plan.target, host, port };
  const path = await folder.write(file.name, file.format(target, password));
  const command = file.command(path);
  const status = await spawn(
    { ...plan, command },
    target,
    { ...login, path },
    ports,
  ).exited;
  await stay(plan, folder, ports);
  return status;
}

/** Keeps the login after its program as the plan says, or says that something is left without one. */
async function stay(
  { stay: { forMs, whileInUse } = { forMs: 0, whileInUse: false }, command }:
    ExecPlan,
  folder: PrivateFolder,
  { clock, warn }: ExecPorts,
): Promise<void> {
  const until = clock.now() + forMs;
  while (clock.now() < until) {
    await clock.sleep(Math.min(LOOK_MS, until - clock.now()));
  }
  if (!await folder.isInUse()) return;
  if (!whileInUse) {
    warn(
      `What ${
        command[0]
      } has started runs on, and its login is not renewed any more: --wait keeps it`,
    );
    return;
  }
  do await clock.sleep(LOOK_MS); while (await folder.isInUse());
}

/** Whether a client of the target would dial something else than its host's own name. */
function isElsewhere({ tunnel, connect, host }: Target): boolean {
  return tunnel !== undefined ||
    connect !== undefined && connect.host !== host;
}

function spawn(
  plan: ExecPlan,
  target: Target,
  login: Login,
  ports: ExecPorts,
): Child {
  const change = ENGINES[target.engine].loginEnvironment(target, login);
  const { environment, removed } = applyEnvironment(plan.environment, change);
  for (const name of removed) {
    ports.warn(
      `${name} of the environment is left out: it would stand in the way of the login that is injected`,
    );
  }
  return ports.processes.spawn(
    plan.command,
    markExec(plan.environment, environment),
  );
}

/** Clients read roots from a file; the bundle that rdsiam carries is in none yet. */
async function withRoots(
  target: Target,
  folder: PrivateFolder,
  ports: ExecPorts,
): Promise<Target> {
  if (target.sslrootcert !== undefined || target.sslmode === "require") {
    return target;
  }
  const path = await folder.write("rds-ca.pem", await ports.caBundle());
  return { ...target, sslrootcert: path };
}

async function write(
  file: ClientFile,
  folder: PrivateFolder,
  target: Target,
  token: AuthToken,
): Promise<string> {
  return await folder.write(file.name, file.format(target, token.secret));
}

async function refresh(
  file: ClientFile,
  folder: PrivateFolder,
  target: Target,
  ports: ExecPorts,
  signal: AbortSignal,
): Promise<void> {
  let isFailing = false;
  await ports.tokens.keepFresh(target, {
    async renewed(token) {
      await write(file, folder, target, token);
      isFailing = false;
    },
    failed(error, current) {
      // Once: the child may have the screen.
      if (isFailing) return;
      isFailing = true;
      const why = errorMessage(error);
      const until = new Date(current.expiresAt).toISOString();
      ports.warn(
        `The login cannot be renewed, new connections work until ${until}: ${why}`,
      );
    },
  }, signal);
}
