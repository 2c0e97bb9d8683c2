import postgres from "postgres";
import type { Backend } from "../../core/emulator/backend.ts";
import { connectLocal } from "../net/conn_stream.ts";
import type { PostgresServer } from "../postgres_server/server.ts";

/** How the emulator uses its server. */
export interface EmulatorBackendOptions {
  /** The server's superuser. */
  superuser: string;
  /** Statements to run once, in order. */
  bootstrap: readonly string[];
  /** Answers with one row whose `is_iam` says whether the role `$1` logs in with a token. */
  iamMembershipQuery: string;
}

/** Prepares a server for the emulator; disposing of it closes its own session there, not the server. */
export async function createEmulatorBackend(
  server: PostgresServer,
  options: EmulatorBackendOptions,
): Promise<Backend & AsyncDisposable> {
  const path = `${server.socketFolder}/.s.PGSQL.${server.port}`;
  const sql = postgres({
    path,
    username: options.superuser,
    database: "postgres",
    max: 1,
    onnotice: () => {},
  });
  try {
    for (const statement of options.bootstrap) await sql.unsafe(statement);
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw error;
  }
  return {
    major: server.major,
    async isIamRole(username) {
      const [row] = await sql.unsafe(options.iamMembershipQuery, [username]);
      return row?.is_iam === true;
    },
    connectTrusted: () => connectLocal({ path }),
    connectByPassword: () => connectLocal({ port: server.port }),
    [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }),
  };
}
