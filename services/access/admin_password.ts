import { displayName } from "../../core/access/identifier.ts";
import { RdsiamError } from "../../core/errors.ts";
import {
  findPassword,
  type PassfileQuery,
} from "../../core/passfile/lookup.ts";
import { Secret } from "../../core/secret.ts";

/** Where passwords may be found. */
export interface PasswordPorts {
  /** The variable that may hold it. */
  variable: "PGPASSWORD" | "MYSQL_PWD";
  /** The environment of this program. */
  environment: Readonly<Record<string, string | undefined>>;
  /** The text of the passfile, if there is one that may be used. */
  readPassfile: () => Promise<string | undefined>;
  /** Asks a person; `undefined` where there is none. */
  ask: (question: string) => Promise<Secret | undefined>;
}

/**
 * The password of a login, from where the engine's own clients have it: a variable, the passfile, a question, in this order.
 *
 * @throws {RdsiamError} `usage`, when none of them has it
 */
export async function findAdminPassword(
  login: PassfileQuery,
  ports: PasswordPorts,
): Promise<Secret> {
  const password = ports.environment[ports.variable];
  if (password) return new Secret(password);
  const text = await ports.readPassfile();
  const found = text === undefined ? undefined : findPassword(text, login);
  if (found !== undefined) return found;
  const who = displayName(login.username);
  const typed = await ports.ask(`Password for ${who} at ${login.host}:`);
  if (typed !== undefined) return typed;
  throw new RdsiamError(
    "usage",
    `Password for ${who} is missing, and there is no terminal to ask on`,
    {
      hint:
        `Set ${ports.variable}, add a line to the passfile, or log in with a token: --admin-iam`,
    },
  );
}
