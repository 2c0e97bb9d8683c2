import { connectArn, type ConnectResource } from "./policy.ts";

/** Whom a policy lets connect to a database. */
export interface PolicyResource extends Omit<ConnectResource, "username"> {
  /** The database user; `undefined` stands for every user. */
  username: string | undefined;
}

/**
 * The ARN by which a policy names a user of a database. A user's name is meant to the letter: what IAM takes for a wildcard or
 * the beginning of a variable is written as the variable that stands for it (IAM User Guide, "IAM policy elements: Variables
 * and tags", predefined policy variables). The resource id may hold wildcards.
 */
export function policyArn(resource: PolicyResource): string {
  const { username } = resource;
  return connectArn({
    ...resource,
    username: username === undefined ? "*" : literal(username),
  });
}

function literal(text: string): string {
  return text.replaceAll(/[*?]|\$(?=\{)/g, (character) => `\${${character}}`);
}
