import type { Command } from "commander";
import { RdsiamError } from "../../core/errors.ts";
import {
  type AccessOptions,
  addAccessOptions,
  addModeOptions,
  requireUsers,
  runAccess,
} from "../access/access_command.ts";
import { addExamples, type Invocation } from "../frame/command.ts";
import { readPrivileges } from "../access/privilege_options.ts";

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
  ]).action((target: string | undefined, options: AccessOptions) =>
    runAccess(target, options, invocation, {
      wishFor: (users) => wishFor(users, options),
      givesLogin: false,
    })
  );
}

function wishFor(users: readonly string[], options: AccessOptions) {
  const privileges = readPrivileges(options);
  const { group } = options;
  if (privileges.length === 0 && group === undefined) {
    throw new RdsiamError("usage", "Nothing to grant is named", {
      hint: "Add --preset, --grant-public-crud, --privileges or --group",
    });
  }
  if (group === undefined) requireUsers(users);
  return {
    kind: "grant" as const,
    users,
    createUsers: false,
    iam: false,
    createRdsIam: false,
    group: group === undefined ? null : { name: group, create: false },
    privileges,
  };
}
