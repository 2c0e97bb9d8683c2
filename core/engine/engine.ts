import type { Login, LoginEnvironment } from "./child_env.ts";
import type { Secret } from "../secret.ts";
import type { LoginTarget } from "./login_target.ts";
import type { UrlParts } from "./url_parts.ts";

/** What is spoken over the wire. */
export type Protocol = "postgres" | "mysql";

/** The engines that rdsiam knows. */
export type EngineName = "postgres" | "mysql" | "mariadb";

/** A program that is to be started with a login. */
export interface Launch {
  /** The program and its arguments. */
  command: readonly [string, ...string[]];
  /** How it gets the login. */
  via: Login["kind"];
  /** Those of {@linkcode Engine.userFiles} that are there. */
  userFiles: readonly string[];
  /** What it says of its version, where {@linkcode Engine.asksVersion} wants to know. */
  version?: string | undefined;
}

/** A program, and where it would dial. */
export interface Dialling {
  /** The program's name or path. */
  program: string;
  /** Whether it would dial something else than the name that the certificate must be for. */
  isElsewhere: boolean;
  /** The roots that are named for it. */
  sslrootcert: string | undefined;
}

/** A private file that a program reads its login from. */
export interface ClientFile {
  /** Its name in a private folder. */
  name: string;
  /** Its content. */
  format(target: LoginTarget, token: Secret): string;
  /** The command that reads it. */
  command(path: string): readonly [string, ...string[]];
}

/** What differs between the engines; adding one is adding a row to {@linkcode ENGINES}. */
export interface Engine {
  /** Its name, as `--engine` takes it. */
  name: EngineName;
  protocol: Protocol;
  /** Its own clients, the best first. */
  clients: readonly [string, ...string[]];
  /** What has the first of them, for people. */
  clientPackage: string;
  /** The port where none is given. */
  defaultPort: number;
  /** Schemes of its connection URLs, without the colon; the first is written. */
  urlProtocols: readonly [string, ...string[]];
  /**
   * What a connection URL says of a target.
   *
   * @throws {RdsiamError} `usage`, when no URL can
   */
  urlParts(target: LoginTarget): UrlParts;
  /** The longest user name that the database keeps, and whether bytes of UTF-8 or characters are counted. */
  maxUsername: { length: number; unit: "bytes" | "characters" };
  /** The database where none is given; empty for none. */
  defaultDatabase(username: string): string;
  /** The environment that logs one of its clients in. */
  loginEnvironment: LoginEnvironment;
  /** How a program gets its login by default. */
  defaultVia(dialling: Dialling): Login["kind"];
  /** The user's own files that {@linkcode Engine.clientFile} takes in. */
  userFiles(environment: Readonly<Record<string, string>>): readonly string[];
  /** Whether what a program is given depends on what `PROGRAM --version` says. */
  asksVersion(program: string): boolean;
  /**
   * The file that a program reads at its start; `undefined` when it needs none.
   *
   * @throws {RdsiamError} `usage`, when the login shall be in a file and the program reads none
   */
  clientFile(launch: Launch): ClientFile | undefined;
}
