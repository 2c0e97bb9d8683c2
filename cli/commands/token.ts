import type { Command } from "commander";
import { ENGINES } from "../../core/engine/engines.ts";
import { RdsiamError } from "../../core/errors.ts";
import { readChoice } from "../../core/text/choice.ts";
import { formatConnectionUrl } from "../../core/target/connection_url.ts";
import type { Target } from "../../core/target/target.ts";
import type { AuthToken } from "../../core/token/token.ts";
import { pinConnect } from "../../services/target/resolve_target.ts";
import {
  addCommonOptions,
  addExamples,
  applyVerbosity,
  type CommonOptions,
  type Invocation,
  offer,
} from "../frame/command.ts";
import { quoteForShell } from "../../core/text/quote_for_shell.ts";
import type { Context } from "../frame/context.ts";
import {
  addSignInOption,
  signInHelp,
  type SignInOptions,
} from "../frame/sign_in.ts";
import { addTargetOptions } from "../target/target_options.ts";
import { readTarget, type TargetContext } from "../target/read_target.ts";
import type { TargetOptions } from "../target/target_options.ts";

interface TokenOptions extends TargetOptions, SignInOptions, CommonOptions {
  format?: string;
  newline: boolean;
}

/** The forms that a token is printed in. */
const FORMATS = ["token", "json", "url", "env"] as const;
type Format = typeof FORMATS[number];

/** Declares `token`. */
export function declare(command: Command, invocation: Invocation): void {
  addTargetOptions(command)
    .option("--format <form>", "token (default), json, url or env")
    .option("--no-newline", "print no newline after it");
  addSignInOption(command);
  addCommonOptions(offer(command, "--format", FORMATS));
  addExamples(command, [
    "PGPASSWORD=$(rdsiam token -h orders.abc.eu-west-1.rds.amazonaws.com -U app) psql …",
    "rdsiam token postgres://app@orders.abc.eu-west-1.rds.amazonaws.com/orders --format url",
  ]).action((target: string | undefined, options: TokenOptions) =>
    run(target, options, invocation)
  );
}

async function run(
  name: string | undefined,
  options: TokenOptions,
  invocation: Invocation<
    TargetContext & Pick<Context, "stdout" | "tokens" | "askSecret" | "signIn">
  >,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const format = readFormat(options);
  const signsOnly = format === "token" || format === "json";
  let target = await readTarget(name, options, context, reporter, {
    signsOnly,
  });
  if (!signsOnly) target = await pinConnect(target, context.resolver);
  const help = signInHelp(options, context, reporter);
  const token = await (await context.tokens(help)).get(target);
  const text = render(format, target, token);
  context.stdout.write(options.newline ? `${text}\n` : text);
}

function readFormat(options: TokenOptions): Format {
  if (options.json) {
    if (options.format !== undefined && options.format !== "json") {
      throw new RdsiamError("usage", "--json and --format exclude each other");
    }
    return "json";
  }
  const { format } = options;
  return format === undefined ? "token" : readChoice(format, FORMATS, "Format");
}

function render(format: Format, target: Target, token: AuthToken): string {
  switch (format) {
    case "token":
      return token.secret.reveal();
    case "url":
      return formatConnectionUrl(target, token.secret);
    case "env":
      return renderEnvironment(target, token);
    case "json":
      return JSON.stringify({
        token: token.secret.reveal(),
        issuedAt: new Date(token.issuedAt).toISOString(),
        expiresAt: new Date(token.expiresAt).toISOString(),
        host: target.host,
        port: target.port,
        username: target.username,
        region: target.region,
      });
  }
}

/** `KEY=value` lines that a POSIX shell reads back exactly. */
function renderEnvironment(target: Target, token: AuthToken): string {
  const { set } = ENGINES[target.engine].loginEnvironment(target, {
    kind: "password",
    token: token.secret,
  });
  return Object.entries(set)
    .map(([name, value]) => `${name}=${quoteForShell(value)}`)
    .join("\n");
}
