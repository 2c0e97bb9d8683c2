import type { Command } from "commander";
import type { SignInHelp } from "../../adapters/credentials/sign_in.ts";
import type { Context } from "./context.ts";
import type { Reporter } from "./output.ts";

/** Whether the user wants to be signed in where that is what is missing. */
export interface SignInOptions {
  login?: boolean;
}

/** Adds the option that signs in. */
export function addSignInOption(command: Command): Command {
  return command.option(
    "--login",
    "where the SSO session has expired, run aws sso login and go on",
  );
}

/** Lets the person at the terminal help with credentials: one question at a time. */
export function signInHelp(
  { login }: SignInOptions,
  context: Pick<Context, "askSecret" | "signIn">,
  reporter: Reporter,
): SignInHelp {
  let last: Promise<unknown> = Promise.resolve();
  function afterOthers<Value>(ask: () => Promise<Value>): Promise<Value> {
    const answer = last.then(ask);
    last = answer.catch(() => {});
    return answer;
  }
  return {
    ...reportOnly(reporter),
    askMfaCode: (serial) =>
      afterOthers(() => context.askSecret(`MFA code of ${serial}:`)),
    ...(login && {
      signIn: (command) =>
        afterOthers(() => {
          reporter.info(`running ${command.join(" ")}`);
          return context.signIn(command);
        }),
    }),
  };
}

/** Tells about credentials, and asks nobody: for what runs on while nobody sits there. */
export function reportOnly(reporter: Reporter): SignInHelp {
  return {
    warn: (message) => reporter.warn(message),
    detail: (message) => reporter.detail(message),
  };
}
