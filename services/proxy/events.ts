import type { FailureReason } from "./login_failure.ts";
import type { RelayEnd } from "../connection/relay.ts";

/** What happens to the clients of a proxy, for its log and its counters. Nothing of it is secret. */
export type ProxyEvent =
  | {
    kind: "login";
    /** The client's address. */
    client: string;
    /** What the target is called. */
    target: string;
    username: string;
    database: string;
    /** How long connecting and TLS took, in milliseconds. */
    connectMs: number;
    /** How long the database took after that, in milliseconds. */
    loginMs: number;
  }
  | {
    kind: "refusal";
    client: string;
    /** `undefined` when it was not known yet. */
    target: string | undefined;
    reason: FailureReason;
    /** What the client was told. */
    message: string;
    /** The likely cause, where the message does not say it. */
    why: string | undefined;
    hint: string | undefined;
  }
  | {
    kind: "end";
    client: string;
    target: string;
    endedBy: RelayEnd["endedBy"];
    /** Bytes from the client. */
    fromClient: number;
    /** Bytes from the database. */
    fromUpstream: number;
    /** How long the session was, in milliseconds. */
    durationMs: number;
  }
  | {
    /** A tunnel has come up, or does not, or has broken. */
    kind: "tunnel";
    tunnel: string;
    state: "up" | "down";
    /** Why it is down. */
    why: string | undefined;
    hint: string | undefined;
  }
  | { kind: "cancel"; client: string; target: string }
  | { kind: "error"; client: string; message: string };
