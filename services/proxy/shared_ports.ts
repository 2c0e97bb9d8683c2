import type { Clock } from "../../core/ports/clock.ts";
import type { Target } from "../../core/target/target.ts";
import type { TokenSource } from "../token/token_source.ts";
import type { ProxyEvent } from "./events.ts";
import type { Quota, RateLimit } from "./limits.ts";
import type { Session } from "./session.ts";

/** What all clients of a proxy share, whatever they speak. */
export interface SharedPorts {
  clock: Clock;
  tokens: TokenSource;
  /** Lets logins pass no faster than a database takes them. */
  paceOf: (target: Target) => RateLimit;
  /** Whether the client chooses the database's user. */
  anyUser: boolean;
  /** Places for clients that have not logged in yet. */
  halfOpen: Quota;
  /** Places for sessions. */
  connections: Quota;
  /** The open sessions. */
  sessions: Set<Session>;
  /** Gives up whatever has not logged in yet when it aborts. */
  signal: AbortSignal;
  /** Hears what happens. It must not throw. */
  report: (event: ProxyEvent) => void;
}
