import type { AdminSettings } from "../../core/config/config.ts";
import { RdsiamError } from "../../core/errors.ts";
import type {
  DatabaseLogin,
  DatabaseSession,
} from "../../core/database/database.ts";
import type { Trust } from "../../core/roots/trust.ts";
import type { Secret } from "../../core/secret.ts";
import { parseConnectionUrl } from "../../core/target/connection_url.ts";
import {
  type FieldSource,
  formatOrigin,
  type GivenFields,
  type Origin,
} from "../../core/target/fields.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { Target } from "../../core/target/target.ts";
import { ENGINES } from "../../core/engine/engines.ts";
import { findAdminPassword } from "../../services/access/admin_password.ts";
import type { Context } from "../frame/context.ts";
import { throughTunnel } from "../target/tunnels.ts";
import type { Reporter } from "../frame/output.ts";
import type { AdminOptions } from "./options.ts";
import { signInHelp, type SignInOptions } from "../frame/sign_in.ts";
import { readTrust, type RootsContext } from "../roots/trust.ts";

/** What the administrator's URL says. */
export interface AdminUrl {
  /** The administrator. */
  username?: string;
  /** What it says of the target. */
  source: FieldSource;
}

/** Who logs in as an administrator. */
export interface Admin {
  username: string;
  method: "password" | "token";
}

const ADMIN_URL = {
  kind: "url",
  place: "--admin-url",
} as const satisfies Origin;

/** Where the engines' own clients look for a password. */
const PASSWORD_VARIABLES = {
  postgres: "PGPASSWORD",
  mysql: "MYSQL_PWD",
} as const;

/**
 * What the administrator's URL says, where there is one.
 *
 * @throws {RdsiamError} `usage`, when it is not valid
 */
export function readAdminUrl({ adminUrl }: AdminOptions): AdminUrl {
  const { username, ...fields } = adminUrl === undefined
    ? {}
    : parseConnectionUrl(adminUrl);
  return {
    ...(username !== undefined && { username }),
    source: { origin: () => ADMIN_URL, fields },
  };
}

/**
 * Who shall log in: as the options say, else the target's `admin` in the configuration.
 *
 * @throws {RdsiamError} `usage`, when nothing says who
 */
export function readAdmin(
  options: AdminOptions,
  url: AdminUrl,
  settings: AdminSettings = {},
): Admin {
  const username = options.adminUsername ?? url.username ?? settings.username;
  if (username === undefined || username === "") {
    throw new RdsiamError("usage", "Username of the administrator is missing", {
      hint:
        "Name the master user, or another that may create roles, with --admin-username",
    });
  }
  // How one administrator logs in says nothing of another.
  const isConfigured = username === (settings.username ?? username);
  const isIam = options.adminIam || isConfigured && settings.auth === "iam";
  return { username, method: isIam ? "token" : "password" };
}

/**
 * Refuses an administrator's URL that leads to another database than the target.
 *
 * @throws {RdsiamError} `usage`, naming what differs
 */
export function checkSameDatabase(
  { source }: AdminUrl,
  given: GivenFields,
): void {
  for (const field of ["host", "port", "dbname"] as const) {
    const wanted = source.fields[field];
    const meant = given[field];
    if (wanted === undefined || meant === undefined || wanted === meant.value) {
      continue;
    }
    throw new RdsiamError(
      "usage",
      `${ADMIN_URL.place} names another database: its ${field} is "${wanted}", and "${meant.value}" in ${
        formatOrigin(meant.origin)
      }`,
      { hint: "Name one database" },
    );
  }
}

/** What an administrator logs in with. */
export type AdminContext =
  & RootsContext
  & Pick<
    Context,
    | "environment"
    | "tokens"
    | "database"
    | "readPassfile"
    | "askSecret"
    | "signIn"
    | "tunnels"
  >;

/**
 * Makes the login of the administrator. A password is found, or asked for, once.
 *
 * @param given what gave the target's fields
 * @throws {RdsiamError} `usage`, when a password would go to a server that is not fully verified, and `--sslmode` does not
 * say so
 */
export function administratorLogin(
  target: Target,
  given: GivenFields,
  { username, method, login }: Admin & SignInOptions,
  context: AdminContext,
  reporter: Reporter,
): () => Promise<DatabaseSession> {
  if (method === "password") requireVerified(target, given);
  const { host, engine } = target;
  // The master of a MySQL server needs no database, and the one that is meant may be misspelt.
  const database = ENGINES[engine].protocol === "postgres"
    ? target.database
    : "";
  const { port } = dialledAddress(target);
  let password: Promise<Secret> | undefined;
  const logIn = databaseLogin(target, context);
  async function credential(): Promise<Secret> {
    if (method === "token") {
      const help = signInHelp({ ...(login && { login }) }, context, reporter);
      return (await (await context.tokens(help)).get({ ...target, username }))
        .secret;
    }
    return await (password ??= findAdminPassword(
      { host, port, database: target.database, username },
      {
        variable: PASSWORD_VARIABLES[ENGINES[engine].protocol],
        environment: context.environment,
        readPassfile: () => passfileText(context, reporter),
        ask: (question) => context.askSecret(question),
      },
    ));
  }
  return async () =>
    await logIn({ database, username, password: await credential(), method });
}

/** Makes the way to log in as any user of a target's database, with a token. */
export function userLogin(
  target: Target,
  { login }: SignInOptions,
  context: AdminContext,
  reporter: Reporter,
): (username: string) => Promise<DatabaseSession> {
  const logIn = databaseLogin(target, context);
  const help = signInHelp({ ...(login && { login }) }, context, reporter);
  return async (username) => {
    const tokens = await context.tokens(help);
    const { secret } = await tokens.get({ ...target, username });
    const who = { database: "", username, password: secret };
    return await logIn({ ...who, method: "token" });
  };
}

type Who = Pick<
  DatabaseLogin,
  "database" | "username" | "password" | "method"
>;

function databaseLogin(
  target: Target,
  context: AdminContext,
): (who: Who) => Promise<DatabaseSession> {
  const address = dialledAddress(target);
  const { host, sslmode, engine } = target;
  let trust: Promise<Trust> | undefined;
  return async (who) => {
    trust ??= readTrust(target, context);
    const login = {
      ...{ address, serverName: host, sslmode, trust: await trust },
      ...who,
    };
    const databases = await context.database(engine);
    return await throughTunnel(
      target,
      context,
      (near) => databases.logIn({ ...login, ...(near && { near }) }),
    );
  };
}

/** A password is for longer than a token: what was set once for other uses does not send it to whoever answers. */
function requireVerified({ sslmode }: Target, given: GivenFields) {
  const origin = given.sslmode?.origin;
  if (sslmode === "verify-full" || origin?.kind === "flag") return;
  const by = origin === undefined ? "" : ` of ${formatOrigin(origin)}`;
  throw new RdsiamError(
    "usage",
    `The administrator's password is not sent to a server that is not fully verified (sslmode ${sslmode}${by})`,
    {
      hint:
        `Pass --sslmode verify-full, or --sslmode ${sslmode} to send it anyway`,
    },
  );
}

async function passfileText(
  context: Pick<Context, "readPassfile">,
  reporter: Reporter,
): Promise<string | undefined> {
  const { path, content } = await context.readPassfile();
  if (content.kind === "text") return content.text;
  if (content.kind === "ignored") {
    reporter.warn(`Passfile "${path}" is ignored: ${content.why}`);
  }
  return undefined;
}
