import { run } from "../../../cli/run.ts";
import type { Context } from "../../../cli/frame/context.ts";
import type { DatabaseLogin } from "../../../core/database/database.ts";
import { type FakeOutput, workingContext } from "../../fakes.ts";
import { CATALOG, FakeSession } from "../../services/access/fake_session.ts";

/** The endpoint. */
export const HOST = "orders.cluster-abc.eu-west-1.rds.amazonaws.com";
/** The options that name the database. */
export const TARGET = [
  "-h",
  HOST,
  "-U",
  "app",
  "-d",
  "orders",
];
/** The options that name the administrator. */
export const ADMIN = ["--admin-username", "master"];

/** Runs a command line against a database that only remembers. */
export async function access(
  args: string[],
  { parts = {}, catalog = CATALOG }: {
    parts?: Partial<Context>;
    catalog?: object;
  } = {},
) {
  const logins: DatabaseLogin[] = [];
  const sessions: FakeSession[] = [];
  const { context, stdout, stderr } = workingContext({
    environment: { PGPASSWORD: "secret" },
    stopSignal: () => new AbortController().signal,
    database: () =>
      Promise.resolve({
        logIn(login) {
          logins.push(login);
          const session = new FakeSession(catalog);
          sessions.push(session);
          return Promise.resolve(session);
        },
      }),
    ...parts,
  });
  const code = await run(args, context);
  return {
    code,
    stdout: (context.stdout as FakeOutput).text || stdout.text,
    stderr: stderr.text,
    logins,
    sessions,
  };
}
