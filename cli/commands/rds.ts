import { type Command, Option } from "commander";
import {
  addExamples,
  addVerbosityOptions,
  applyVerbosity,
  type Invocation,
  offer,
} from "../frame/command.ts";
import type { Context } from "../frame/context.ts";
import type { Verbosity } from "../frame/output.ts";
import {
  addSignInOption,
  signInHelp,
  type SignInOptions,
} from "../frame/sign_in.ts";
import { readTarget, type TargetContext } from "../target/read_target.ts";

interface GenerateOptions extends SignInOptions, Verbosity {
  hostname: string;
  port: string;
  username: string;
  region?: string;
  profile?: string;
}

const OF_AWS = "taken as aws takes it; a token is the same with it";

/** Global options of the AWS CLI, version 2, that change nothing about a token. */
const AWS_OPTIONS = [
  "--debug",
  "--output <format>",
  "--query <expression>",
  "--endpoint-url <url>",
  "--ca-bundle <file>",
  "--color <when>",
  "--cli-read-timeout <seconds>",
  "--cli-connect-timeout <seconds>",
  "--cli-binary-format <format>",
  "--no-verify-ssl",
  "--no-paginate",
  "--no-cli-pager",
  "--no-cli-auto-prompt",
] as const;

/** Declares `rds generate-db-auth-token`, so that whatever calls `aws` can be pointed at `rdsiam`. */
export function declare(command: Command, invocation: Invocation): void {
  const generate = command.command("generate-db-auth-token")
    .description("print a token, as aws rds generate-db-auth-token does")
    .requiredOption("--hostname <host>", "endpoint host name")
    .requiredOption("--port <port>", "endpoint port")
    .requiredOption("--username <name>", "database user")
    .option("--region <region>", "region to sign for, default the endpoint's")
    .option("--profile <name>", "AWS shared-config profile");
  for (const option of AWS_OPTIONS) {
    generate.addOption(new Option(option, OF_AWS).hideHelp());
  }
  addSignInOption(generate);
  addVerbosityOptions(offer(generate, "--profile", "profiles"));
  addExamples(generate, [
    "rdsiam rds generate-db-auth-token --hostname orders.abc.eu-west-1.rds.amazonaws.com --port 5432 --username app",
  ]).action((options: GenerateOptions) => run(options, invocation));
}

async function run(
  options: GenerateOptions,
  invocation: Invocation<
    TargetContext & Pick<Context, "stdout" | "tokens" | "askSecret" | "signIn">
  >,
): Promise<void> {
  const { context } = invocation;
  const reporter = applyVerbosity(invocation, options);
  const { hostname: host, port, username, region, profile } = options;
  // The options alone name the database, as with aws: RDSIAM_TARGET and PG* stay out.
  const target = await readTarget(
    undefined,
    {
      host,
      port,
      username,
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
    },
    { ...context, environment: {} },
    reporter,
    { signsOnly: true },
  );
  const help = signInHelp(options, context, reporter);
  const token = await (await context.tokens(help)).get(target);
  context.stdout.write(`${token.secret.reveal()}\n`);
}
