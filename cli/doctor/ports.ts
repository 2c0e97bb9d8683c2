import type { EndpointProbe } from "../../core/database/probe.ts";
import type { EngineName } from "../../core/engine/engine.ts";
import { PASSWORD_VARIABLES } from "../../core/doctor/judge/passwords.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import { formatOrigin } from "../../core/target/fields.ts";
import type { DoctorPorts } from "../../services/doctor/ports.ts";
import {
  type AdminContext,
  administratorLogin,
  checkSameDatabase,
  readAdmin,
  readAdminUrl,
} from "../access/admin_options.ts";
import type { AdminOptions } from "../access/options.ts";
import type { Context } from "../frame/context.ts";
import { type Gathered, gatherFields } from "../target/gather_fields.ts";
import { Reporter, type Verbosity } from "../frame/output.ts";
import { signInHelp } from "../frame/sign_in.ts";
import { resolveFields, type TargetContext } from "../target/read_target.ts";
import type { TargetOptions } from "../target/target_options.ts";
import { throughTunnel } from "../target/tunnels.ts";
import { readTrust } from "../roots/trust.ts";

/** The options of the command that say which database, and who may look deeper. */
export type DoctorTargetOptions = TargetOptions & AdminOptions & Verbosity;

/** What an examination looks at. */
export type DoctorContext =
  & TargetContext
  & AdminContext
  & Pick<Context, "clock" | "stderr" | "credentials" | "aws">;

/** What an examination needs from outside, in this run. */
export function doctorPorts(
  name: string | undefined,
  options: DoctorTargetOptions,
  context: DoctorContext,
  reporter: Reporter,
): DoctorPorts {
  const { clock, environment, resolver } = context;
  const { verbose } = options;
  /** What others would warn of is the doctor's to tell. */
  const silent = new Reporter(context.stderr, environment, {
    quiet: true,
    verbose: verbose ?? false,
  });
  const hasAdminOptions = options.adminUsername !== undefined ||
    options.adminUrl !== undefined || options.adminIam === true;
  const help = signInHelp(options, context, reporter);
  let gathered: Gathered | undefined;
  return {
    clock,
    resolver,
    probe: ({ engine }) => ({
      connect: async (address, signal) =>
        await (await loadProbe(engine)).connect(address, signal),
      certificate: async (login) =>
        await (await loadProbe(engine)).certificate(login),
    }),
    async readTarget() {
      const url = readAdminUrl(options);
      const further = [url.source];
      gathered = await gatherFields(
        { name, options, further },
        context,
        reporter,
      );
      const { given, configured } = gathered;
      checkSameDatabase(url, given);
      const target = await resolveFields(given, context, silent);
      const admin = hasAdminOptions
        ? adminWords(options)
        : configured?.admin === undefined
        ? undefined
        : [];
      return { target, given, source: sourceOf(gathered), admin };
    },
    async findCredentials(target) {
      const credentials = await context.credentials(help);
      const { source = "AWS", expiresAt } = await credentials.get(target);
      return { source: `from ${source}`, expiresAt };
    },
    sign: async (target) => await (await context.tokens(help)).get(target),
    async isSignedAsByAws(target) {
      const { isSignedAsByAws } = await import(
        "../../adapters/credentials/compare_signer.ts"
      );
      return await isSignedAsByAws(target, await context.credentials(help));
    },
    aws: (target) => context.aws(target, help),
    trustOf: (target) => readTrust(target, context),
    database: ({ engine }) => context.database(engine),
    through: (target, use) => throughTunnel(target, context, use),
    logInAsAdmin(target) {
      const { given = {}, configured } = gathered ?? {};
      const settings = configured?.admin;
      if (!hasAdminOptions && settings === undefined) return undefined;
      const admin = readAdmin(options, readAdminUrl(options), settings);
      const asking = hasAdminOptions
        ? context
        : { ...context, askSecret: refuseToAsk(admin.username) };
      return administratorLogin(target, given, admin, asking, silent)();
    },
    async findClient(engine) {
      const [{ findProgram }, { runProgram }] = await Promise.all([
        import("../../adapters/process/find_program.ts"),
        import("../../adapters/process/run_program.ts"),
      ]);
      const paths = await Promise.all(
        ENGINES[engine].clients.map((name) => findProgram(name, environment)),
      );
      const path = paths.find((found) => found !== undefined);
      if (path === undefined) return undefined;
      const { stdout } = await runProgram([path, "--version"], {
        environment,
        deadlineMs: 4_000,
        outputLimit: 4_096,
      });
      return { path, version: stdout.trim() };
    },
    async readPasswords({ engine }) {
      const { protocol } = ENGINES[engine];
      const variable = hasAdminOptions
        // It is the administrator's then.
        ? undefined
        : environment[PASSWORD_VARIABLES[protocol]];
      return protocol === "postgres"
        ? { variable, ...await context.readPassfile() }
        : { variable, path: "", content: { kind: "missing" } };
    },
  };
}

async function loadProbe(engine: EngineName): Promise<EndpointProbe> {
  return ENGINES[engine].protocol === "mysql"
    ? (await import("../../adapters/mysql/probe.ts")).mysqlProbe
    : (await import("../../adapters/postgres/probe.ts")).postgresProbe;
}

/** What a target was read from, for people. */
function sourceOf({ configured, name, given }: Gathered): string {
  if (configured !== undefined) {
    return `target "${configured.name}" of "${configured.file}"`;
  }
  if (name !== undefined) return `"${name}"`;
  const origins = Object.values(given).map(({ origin }) =>
    origin.kind === "flag" ? "the options" : formatOrigin(origin)
  );
  return [...new Set(origins)].join(", ");
}

/** The options that name the same administrator to another command. */
function adminWords(
  { adminUsername, adminUrl, adminIam }: AdminOptions,
): readonly string[] {
  return [
    ...(adminUsername === undefined ? [] : ["--admin-username", adminUsername]),
    ...(adminUrl === undefined ? [] : ["--admin-url", adminUrl]),
    ...(adminIam ? ["--admin-iam"] : []),
  ];
}

/** Who asked for no administrator is not asked for a password. */
function refuseToAsk(username: string) {
  return () =>
    Promise.reject(
      new RdsiamError(
        "usage",
        `its password is neither in PGPASSWORD nor in the passfile; --admin-username ${username} asks for it`,
      ),
    );
}
