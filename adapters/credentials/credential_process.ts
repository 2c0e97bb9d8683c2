import { constants } from "node:os";
import { EndedError } from "../../core/ended_error.ts";
import { RdsiamError } from "../../core/errors.ts";
import { Secret } from "../../core/secret.ts";
import type { AccessKey } from "../../core/token/access_key.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { within } from "../../core/ports/within.ts";
import { onEndSignal } from "../process/end_signals.ts";
import { endTree } from "../process/end_tree.ts";
import { startProgram } from "../process/run_program.ts";
import type { Environment } from "./identity.ts";
import { words } from "./ini.ts";

/** How long a process may take that asks nobody for anything, in milliseconds. */
export const PROCESS_DEADLINE_MS = 60_000;

/** How a process is run. */
export interface ProcessOptions {
  /** The profile that names it, for errors. */
  profile: string;
  environment: Environment;
  clock: Clock;
  /** How long it may take, in milliseconds; `undefined` where a person may have to sign in. */
  deadlineMs: number | undefined;
}

/**
 * Gets credentials from a program (AWS SDKs and Tools Reference Guide, "Process credential provider"). Like the AWS CLI, it is
 * started without a shell. It is killed, with what it has started, when it takes too long and when this process is asked to end.
 *
 * @throws {RdsiamError} `credentials`, with its exit code, or with what is wrong with what it printed; never with that
 * @throws {EndedError} when this process is asked to end meanwhile
 */
export async function runCredentialProcess(
  line: string,
  options: ProcessOptions,
): Promise<AccessKey> {
  const { profile, clock } = options;
  const { code, stdout } = await run(line, options);
  if (code !== 0) {
    // What it wrote to standard error may hold secrets.
    throw failed(
      profile,
      `failed with exit code ${code}`,
      "Run that command by hand to see why",
    );
  }
  return parseKey(stdout, profile, clock.now());
}

async function run(
  line: string,
  { profile, environment, clock, deadlineMs }: ProcessOptions,
) {
  const [program, ...args] = splitCommand(line, Deno.build.os);
  if (program === undefined) {
    throw failed(profile, "is empty", "Name a command, or take it out");
  }
  const child = start([program, ...args], profile, environment);
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {}); // where nobody waits any more
  using _ = onEndSignal((signal) => {
    endTree(child.pid);
    ended.reject(new EndedError(constants.signals[signal as "SIGTERM"]));
  });
  const result = Promise.race([
    Promise.all([
      new Response(child.stdout).text(),
      child.status,
    ]).then(([stdout, { code }]) => ({ code, stdout })),
    ended.promise,
  ]);
  if (deadlineMs === undefined) return await result;
  const late = () =>
    failed(
      profile,
      `gave no answer within ${deadlineMs / 1000} seconds`,
      "Run that command by hand to see what it waits for; --login waits for as long as it takes",
    );
  return await within(clock, deadlineMs, late, (signal) => {
    signal.addEventListener("abort", () => endTree(child.pid));
    return result;
  });
}

function start(
  command: readonly [string, ...string[]],
  profile: string,
  environment: Environment,
): Deno.ChildProcess {
  const env = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]]
  );
  try {
    return startProgram(command, {
      env: Object.fromEntries(env),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    });
  } catch (cause) {
    throw failed(
      profile,
      "cannot be started",
      "Write the whole path of the program; no shell runs it, so ~ and $ mean nothing",
      cause,
    );
  }
}

/** The words of a command line: in quotes where they hold blanks. Windows knows no other special characters. */
function splitCommand(line: string, os: string): string[] {
  if (os !== "windows") return words(line);
  return [...line.matchAll(/(?:"[^"]*"|[^\s"])+/g)]
    .map(([word]) => word.replaceAll('"', ""));
}

function parseKey(text: string, profile: string, now: number): AccessKey {
  function unusable(why: string, cause?: unknown): never {
    throw failed(
      profile,
      `gave no usable credentials: ${why}`,
      "Run that command by hand: it must print JSON with Version 1, AccessKeyId and SecretAccessKey, and an Expiration to come where there is one",
      cause,
    );
  }
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    unusable("it did not print JSON"); // the cause would show what it printed
  }
  const { Version, AccessKeyId, SecretAccessKey, SessionToken, Expiration } =
    (answer ?? {}) as Record<string, unknown>;
  if (Version !== 1) unusable("its Version is not 1");
  if (!isText(AccessKeyId)) unusable("AccessKeyId is missing");
  if (!isText(SecretAccessKey)) unusable("SecretAccessKey is missing");
  const hasEnd = Expiration !== undefined && Expiration !== null;
  const expiresAt = hasEnd ? Date.parse(`${Expiration}`) : undefined;
  if (Number.isNaN(expiresAt)) unusable("its Expiration is not a date");
  if (expiresAt !== undefined && expiresAt <= now) {
    unusable("they have expired");
  }
  return {
    id: AccessKeyId,
    secret: new Secret(SecretAccessKey),
    ...(isText(SessionToken) && { sessionToken: new Secret(SessionToken) }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function failed(
  profile: string,
  why: string,
  hint: string,
  cause?: unknown,
): RdsiamError {
  return new RdsiamError(
    "credentials",
    `The credential_process of profile "${profile}" ${why}`,
    { hint, cause },
  );
}
