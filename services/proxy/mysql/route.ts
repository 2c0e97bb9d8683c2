import type { NamedTarget } from "../../../core/target/target.ts";

/** The target, with the user and the database that a client names where it may. */
export function chooseMysqlRoute(
  { name, target }: NamedTarget,
  asked: { username: Uint8Array; database: Uint8Array },
  anyUser: boolean,
): NamedTarget {
  const decoder = new TextDecoder();
  const user = decoder.decode(asked.username);
  const database = decoder.decode(asked.database);
  return {
    name,
    target: {
      ...target,
      username: anyUser && user !== "" ? user : target.username,
      database: database === "" ? target.database : database,
    },
  };
}
