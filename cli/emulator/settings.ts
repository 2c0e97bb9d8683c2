import { checkRoleName } from "../../core/access/role_name.ts";
import type { EngineName } from "../../core/engine/engine.ts";
import { ENGINE_NAMES, ENGINES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import { readChoice } from "../../core/text/choice.ts";
import { Secret } from "../../core/secret.ts";
import {
  isLoopbackHost,
  parseAddress,
  parseListenAddress,
} from "../../core/target/address.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import { TOKEN_LIFETIME_MS } from "../../core/token/token.ts";
import { checkMysqlMaster } from "../../services/emulator/mysql/accounts.ts";
import type { Master } from "../../services/emulator/bootstrap.ts";
import type { EmulatorOptions } from "../../services/emulator/emulator.ts";
import type { CommonOptions } from "../frame/command.ts";

/** The options of `emulator`, as given. */
export interface EmulatorCommandOptions extends CommonOptions {
  engine?: string;
  listen?: string;
  endpoint?: string;
  region?: string;
  accessKey?: string[];
  master?: string;
  tokenLifetime?: string;
  adminOptionCounts?: boolean;
  policy?: string;
  data?: string;
  server?: string;
  postgres?: string;
  /** `false` for `--no-iam`. */
  iam?: boolean;
  tlsDir?: string;
}

/** The options of `emulator`, checked, but for the policy, which is read from its file. */
export interface EmulatorSettings extends Omit<EmulatorOptions, "policy"> {
  /** The user that the database's owner gets. */
  master: Master;
  /** Whose server it is. */
  engine: EngineName;
  /** Whether IAM authentication is on. */
  hasIam: boolean;
  /** Whether memberships count as stock PostgreSQL 16 and later count them. */
  adminOptionCounts: boolean;
  /** The programs and the data of the server. */
  server: { binaries?: string; data?: string };
}

/** The example key of AWS's own documentation: known to everybody, and so good for nothing else. */
export const DEFAULT_ACCESS_KEY: AccessKey = {
  id: "AKIAIOSFODNN7EXAMPLE",
  secret: new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
};

const DEFAULT_REGION = "us-east-1";

/** The name that the console of RDS proposes for the master user. */
const MASTER_NAMES: Readonly<Record<EngineName, string>> = {
  postgres: "postgres",
  mysql: "admin",
  mariadb: "admin",
};

/**
 * Checks the options of `emulator`.
 *
 * @throws {RdsiamError} `usage`, naming the option that is wrong, never its secret part
 */
export function readEmulatorSettings(
  options: EmulatorCommandOptions,
): EmulatorSettings {
  const { data } = options;
  const engine = readEngine(options);
  const { defaultPort } = ENGINES[engine];
  const binaries = options.server ?? options.postgres;
  const name = options.endpoint ??
    `emulator.abcdefghijkl.${
      options.region ?? DEFAULT_REGION
    }.rds.amazonaws.com`;
  const address = parseAddress(name, "--endpoint");
  const host = address.host.toLowerCase();
  const endpoint = parseEndpoint(host);
  return {
    engine,
    hasIam: options.iam ?? true,
    listen: readListen(options.listen ?? "127.0.0.1:0", defaultPort),
    host,
    port: address.port ?? defaultPort,
    endpoint,
    region: options.region ?? endpoint?.region ?? DEFAULT_REGION,
    accessKeys: options.accessKey?.map(readAccessKey) ?? [DEFAULT_ACCESS_KEY],
    master: readMaster(options.master, engine),
    lifetimeMs: readLifetime(options.tokenLifetime),
    adminOptionCounts: options.adminOptionCounts ?? false,
    server: {
      ...(binaries !== undefined && { binaries }),
      ...(data !== undefined && { data }),
    },
  };
}

/** The engine; options that another one has are refused, not passed over. */
function readEngine(options: EmulatorCommandOptions): EngineName {
  const { engine = "postgres" } = options;
  const name = readChoice(engine, ENGINE_NAMES, "Engine");
  const isPostgres = name === "postgres";
  const misplaced = isPostgres
    ? options.iam === false ? "--no-iam" : undefined
    : options.postgres !== undefined
    ? "--postgres"
    : options.adminOptionCounts
    ? "--admin-option-counts"
    : undefined;
  if (misplaced !== undefined) {
    throw new RdsiamError(
      "usage",
      `Option ${misplaced} is not for --engine ${name}`,
      {
        hint: misplaced === "--postgres"
          ? "Name the server's programs with --server"
          : "Leave it out",
      },
    );
  }
  return name;
}

function readListen(
  text: string,
  defaultPort: number,
): { host: string; port: number } {
  const { host, port = defaultPort } = parseListenAddress(text, "--listen");
  if (!isLoopbackHost(host)) {
    throw new RdsiamError(
      "usage",
      `Address "${host}" of --listen is not on loopback`,
      { hint: "The emulator is for this machine alone: use 127.0.0.1:PORT" },
    );
  }
  return { host, port };
}

function readAccessKey(text: string): AccessKey {
  const [id, secret, sessionToken, ...rest] = text.split(":");
  if (!id || !secret || sessionToken === "" || rest.length > 0) {
    throw new RdsiamError("usage", "An --access-key is not valid", {
      hint: "Write it as ID:SECRET or ID:SECRET:SESSION_TOKEN",
    });
  }
  return {
    id,
    secret: new Secret(secret),
    ...(sessionToken !== undefined && {
      sessionToken: new Secret(sessionToken),
    }),
  };
}

function readMaster(text: string | undefined, engine: EngineName): Master {
  if (text === undefined) {
    return {
      username: MASTER_NAMES[engine],
      password: new Secret(crypto.randomUUID()),
    };
  }
  const [, username, password] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (username === undefined || password === undefined) {
    throw new RdsiamError("usage", "The --master is not valid", {
      hint: "Write it as USER:PASSWORD",
    });
  }
  // rdsadmin would be a superuser
  if (engine === "postgres") checkRoleName(username);
  else checkMysqlMaster(username, engine);
  return { username, password: new Secret(password) };
}

function readLifetime(text: string | undefined): number {
  if (text === undefined) return TOKEN_LIFETIME_MS;
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : NaN;
  if (!(seconds >= 1 && seconds <= TOKEN_LIFETIME_MS / 1000)) {
    throw new RdsiamError(
      "usage",
      `Lifetime "${text}" of --token-lifetime is not valid`,
      { hint: "Give a whole number of seconds from 1 to 900" },
    );
  }
  return seconds * 1000;
}
