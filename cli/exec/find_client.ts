import { ENGINES } from "../../core/engine/engines.ts";
import type { EngineName } from "../../core/engine/engine.ts";
import { ProgramError } from "../../core/ports/program_error.ts";

/**
 * The engine's own client: the first of those it has that is installed.
 *
 * @throws {ProgramError} when none is, with what to install
 */
export async function findClient(
  engine: EngineName,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const { findProgram } = await import(
    "../../adapters/process/find_program.ts"
  );
  const { clients, clientPackage } = ENGINES[engine];
  for (const client of clients) {
    if (await findProgram(client, environment) !== undefined) return client;
  }
  throw new ProgramError(
    127,
    `No ${engine} client is installed: ${clients.join(" or ")} is not found`,
    {
      hint:
        `Install ${clientPackage}, or name another client with --client PROGRAM`,
    },
  );
}
