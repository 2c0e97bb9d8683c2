/** What goes wrong with sessions of Systems Manager. */

import type { TunnelFault } from "../../../core/tunnel/fault.ts";

/** How long the handshake may take, in milliseconds. */
export const HANDSHAKE_MS = 30_000;

const CHECK_AGENT =
  "Check that the SSM agent runs there and is up to date, and that its network lets it reach ssmmessages";

/** The agent does not answer. */
export const NO_HANDSHAKE: TunnelFault = {
  reason: "timeout",
  why: `the SSM agent does not answer within ${HANDSHAKE_MS / 1000} s`,
  hint: CHECK_AGENT,
};

/** The WebSocket does not come about. */
export const NO_CHANNEL: TunnelFault = {
  reason: "bastion",
  why: "Session Manager's data channel cannot be opened",
  hint: "Check that this network lets WebSockets through to ssmmessages",
};

/** The WebSocket was lost for good. */
export const LOST: TunnelFault = {
  reason: "bastion",
  why: "Session Manager's data channel was lost and does not come back",
  hint: "Check the network",
};

/** The session has ended. */
export const OVER: TunnelFault = {
  reason: "ended",
  why: "the session has ended",
  hint:
    "Sessions end after 20 idle minutes unless Session Manager's preferences say otherwise",
};

/** The agent knows no streams. */
export const OLD_AGENT: TunnelFault = {
  reason: "protocol",
  why: "the SSM agent there is older than 3.0.196",
  hint: "Update it: aws ssm send-command --document-name AWS-UpdateSSMAgent",
};

/** The session wants a key of KMS. */
export const ENCRYPTED: TunnelFault = {
  reason: "encrypted",
  why: "the account's sessions are encrypted with a key of KMS",
  hint: "Install AWS's session-manager-plugin, which rdsiam uses then",
};

/** The agent cannot connect to what is behind it. */
export const CONNECT_ERROR: TunnelFault = {
  reason: "target",
  why: "the SSM agent cannot connect to it, and does not say why",
  hint:
    "Let the instance's security group in at the database's, and check that it can look up the endpoint's name",
};
