/**
 * The version of AWS's plugin that we stand for: later than 1.1.70, from which on many connections share a session, and than
 * 1.2.331, from which on the agent sends nothing to keep them alive, which would keep a session from its idle timeout.
 */
export const CLIENT_VERSION = "1.2.707.0";

/** The version of the agent from which on many connections share a session. */
const LEAST_AGENT = [3, 0, 196];

/** Whether an agent lets many connections share a session; before, it does not even tell when one ends. */
export function isNewEnough(agentVersion: string): boolean {
  const version = agentVersion.split(".").map(Number);
  for (const [index, least] of LEAST_AGENT.entries()) {
    const part = version[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** What a client answers a handshake with. */
export interface HandshakeAnswer {
  payload: Uint8Array;
  agentVersion: string;
  /** Whether the agent wants a key of KMS, which we have not. */
  wantsEncryption: boolean;
}

interface HandshakeRequest {
  AgentVersion?: string;
  RequestedClientActions?: { ActionType?: string }[];
}

const SUCCESS = 1;
const FAILED = 2;
const UNSUPPORTED = 3;

/**
 * Answers the agent's handshake.
 *
 * @throws {SyntaxError} when it is no JSON
 */
export function answerHandshake(payload: Uint8Array): HandshakeAnswer {
  const request: HandshakeRequest = JSON.parse(
    new TextDecoder().decode(payload),
  );
  const { AgentVersion: agentVersion = "", RequestedClientActions = [] } =
    request;
  const actions = RequestedClientActions.map(({ ActionType = "" }) => {
    const [status, error] = ActionType === "SessionType"
      ? [SUCCESS, ""]
      : ActionType === "KMSEncryption"
      ? [FAILED, "Sessions are not encrypted with KMS by this client"]
      : [UNSUPPORTED, `Unsupported action ${ActionType}`];
    return {
      ActionType,
      ActionStatus: status,
      ActionResult: null,
      Error: error,
    };
  });
  const errors = actions.map(({ Error }) => Error).filter((text) => text);
  const answer = {
    ClientVersion: CLIENT_VERSION,
    ProcessedClientActions: actions,
    Errors: errors,
  };
  return {
    payload: new TextEncoder().encode(JSON.stringify(answer)),
    agentVersion,
    wantsEncryption: RequestedClientActions.some(({ ActionType }) =>
      ActionType === "KMSEncryption"
    ),
  };
}
