import { quoteText } from "./quote.ts";

/**
 * The SQL that makes a user who logs in with a token (RDS User Guide, "Creating a database account using IAM
 * authentication"), to be run as the master user.
 */
export function createUserSql(username: string): string {
  return `CREATE USER ${
    quoteText(username)
  } IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL;`;
}
