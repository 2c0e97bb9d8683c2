import { errorMessage } from "../../core/errors.ts";
import type { Connection } from "../connection/connection.ts";
import { LoginFailure } from "./login_failure.ts";
import { hangUp } from "../connection/hang_up.ts";
import type { SharedPorts } from "./shared_ports.ts";

/** How long a client waits for the answer that its password is wrong, in milliseconds: guessing shall be slow. */
export const WRONG_PASSWORD_MS = 1_000;

/** How long a refused client may take to read why, in milliseconds. */
const REFUSAL_MS = 1_000;

/** A client that is being logged in. */
export interface PendingLogin {
  client: Connection;
  /** What its target is called, once that is known. */
  target: string | undefined;
}

/**
 * Tells a client, and the log, why its login came to nothing.
 *
 * @param answerOf what the client is sent
 */
export async function tellFailure(
  { client, target }: PendingLogin,
  failure: unknown,
  answerOf: (failure: LoginFailure) => Uint8Array,
  { clock, report }: Pick<SharedPorts, "clock" | "report">,
): Promise<void> {
  if (!(failure instanceof LoginFailure)) {
    const message = errorMessage(failure);
    report({ kind: "error", client: client.remoteHost, message });
    return;
  }
  reportFailure({ client: client.remoteHost, target }, failure, report);
  await hangUp(client, answerOf(failure), clock, REFUSAL_MS);
}

/** Reports it to the log alone. */
export function reportFailure(
  who: { client: string; target: string | undefined },
  { reason, message, why, hint }: LoginFailure,
  report: SharedPorts["report"],
): void {
  report({ kind: "refusal", ...who, reason, message, why, hint });
}
