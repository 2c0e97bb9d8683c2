import { createHash } from "node:crypto";
import { RdsiamError } from "../errors.ts";
import { type ConnectStatement, connectStatement } from "./document.ts";

/** Who is given a policy. */
export interface IamIdentity {
  kind: "user" | "role";
  name: string;
}

/** A policy document of IAM, whosever its statements are. */
export interface PolicyDocument {
  Version?: string;
  Statement?: unknown;
}

/** A document, and how it differs from the one before. */
export interface DocumentChange {
  /** `undefined` where nothing is left to say. */
  document: PolicyDocument | undefined;
  /** The ARNs that come in. */
  added: readonly string[];
  /** The ARNs that go. */
  removed: readonly string[];
}

/**
 * Reads `user/NAME` or `role/NAME`; a path before the name may be left out or given.
 *
 * @throws {RdsiamError} `usage`, when it is neither
 */
export function parseIdentity(text: string): IamIdentity {
  const [, kind, name] =
    /^(user|role)\/(?:[\x21-\x7e]*\/)?([\w+=,.@-]{1,128})$/.exec(text) ?? [];
  if (kind !== undefined && name !== undefined) {
    return { kind: kind as IamIdentity["kind"], name };
  }
  throw new RdsiamError("usage", "The IAM identity is not valid", {
    hint: "Write it as user/NAME or role/NAME",
  });
}

/**
 * The statement of a database: its id is made of what the database is called, so that a later version of it is known again,
 * whatever resource id and users it names.
 *
 * @param database its ARN, or its endpoint where that is not known
 */
export function databaseStatement(
  database: string,
  arns: readonly string[],
): ConnectStatement {
  const hash = createHash("sha256").update(database).digest("hex").slice(0, 12);
  return connectStatement(arns, `Rdsiam${hash}`);
}

/** A document with these statements in the place of their older versions; all others stay as they are. */
export function withStatements(
  old: PolicyDocument | undefined,
  statements: readonly ConnectStatement[],
): DocumentChange {
  const ids = new Set(statements.map(({ Sid }) => Sid));
  const { ours, others } = divide(old, ids);
  return change(old, ours, [...others, ...statements], statements);
}

/** A document without the statements of these. */
export function withoutStatements(
  old: PolicyDocument | undefined,
  statements: readonly ConnectStatement[],
): DocumentChange {
  const ids = new Set(statements.map(({ Sid }) => Sid));
  const { ours, others } = divide(old, ids);
  return change(old, ours, others, []);
}

function change(
  old: PolicyDocument | undefined,
  ours: readonly unknown[],
  all: readonly unknown[],
  wanted: readonly ConnectStatement[],
): DocumentChange {
  const before = new Set(ours.flatMap(arnsOf));
  const after = new Set(wanted.flatMap(arnsOf));
  return {
    document: all.length === 0
      ? undefined
      : { ...old, Version: "2012-10-17", Statement: all },
    added: [...after].filter((arn) => !before.has(arn)),
    removed: [...before].filter((arn) => !after.has(arn)),
  };
}

function divide(
  { Statement: list = [] }: PolicyDocument = {},
  ids: ReadonlySet<string | undefined>,
) {
  const all: unknown[] = [list].flat();
  const isOurs = (one: unknown) => ids.has((one as { Sid?: string }).Sid);
  return {
    ours: all.filter(isOurs),
    others: all.filter((one) => !isOurs(one)),
  };
}

function arnsOf(statement: unknown): string[] {
  const { Resource: resource = [] } = statement as {
    Resource?: string | string[];
  };
  return [resource].flat();
}
