import type { Command } from "commander";
import { addExamples, type Invocation } from "../frame/command.ts";
import {
  type AccessOptions,
  addAccessOptions,
  addModeOptions,
} from "../access/options.ts";

/** Declares `grant`. */
export function declare(command: Command, invocation: Invocation): void {
  addAccessOptions(command, {
    user: "user that is given the privileges",
    publicCrud: "the four verbs on all tables of schema public",
    group:
      "grant to this NOLOGIN role instead, and make the users members of it",
  });
  addExamples(addModeOptions(command), [
    "rdsiam grant -h orders.abc.eu-west-1.rds.amazonaws.com -U app -d orders --admin-username postgres --preset readonly --schema sales",
    "rdsiam grant … --privileges SELECT,INSERT --tables 'order*' --schema sales",
    "rdsiam grant … --preset readwrite --default-privileges --owner migrations",
  ]).action(async (target: string | undefined, options: AccessOptions) => {
    const [{ runAccess }, { grantWish }] = await Promise.all([
      import("../access/access_command.ts"),
      import("../access/wishes.ts"),
    ]);
    await runAccess(target, options, invocation, {
      wishFor: (users) => grantWish(users, options),
      givesLogin: false,
    });
  });
}
