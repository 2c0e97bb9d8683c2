import type { ProxyEvent } from "../../services/proxy/events.ts";
import { isOutputError, type Output, type Reporter } from "../frame/output.ts";

/** Where a proxy's events go. */
export interface EventLogOptions {
  reporter: Reporter;
  stdout: Output;
  /** Whether every event is a JSON line on stdout. */
  json: boolean;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/**
 * Makes what tells people, or programs, what happens to the proxy's clients. Where that cannot be written, because nobody
 * reads it any more or the disk is full, clients are served all the same: it says so once on standard error.
 */
export function createEventLog(
  { reporter, stdout, json, now }: EventLogOptions,
): (event: ProxyEvent) => void {
  let isLost = false;
  function tell(write: () => void) {
    try {
      write();
    } catch (error) {
      if (!isOutputError(error)) throw error;
      if (isLost) return;
      isLost = true;
      const why = error instanceof Error ? error.message : String(error);
      tell(() => reporter.warn(`The proxy's events cannot be written: ${why}`));
    }
  }
  return (event) => {
    const time = new Date(now()).toISOString();
    if (json) {
      const { kind, ...rest } = event;
      const line = JSON.stringify({ event: kind, time, ...rest });
      tell(() => stdout.write(`${line}\n`));
    }
    const line = `${time} ${describeEvent(event)}`;
    tell(() => {
      if (isTrouble(event)) reporter.warn(line);
      else if (event.kind === "tunnel") reporter.info(line);
      else reporter.detail(line);
    });
  };
}

function isTrouble(event: ProxyEvent): boolean {
  return event.kind === "refusal" || event.kind === "error" ||
    event.kind === "tunnel" && event.state === "down";
}

/** An event in one line. */
export function describeEvent(event: ProxyEvent): string {
  return printable(describe(event));
}

function describe(event: ProxyEvent): string {
  switch (event.kind) {
    case "login": {
      const { client, target, username, database, connectMs, loginMs } = event;
      return `${client} to ${target}: let in as ${username} to ${database}, connected in ${connectMs} ms, logged in in ${loginMs} ms`;
    }
    case "refusal": {
      const { client, target, message, why, hint } = event;
      const to = target === undefined ? "" : ` to ${target}`;
      return `${client}${to}: refused: ${message}${
        why === undefined ? "" : `: ${why}`
      }${hint === undefined ? "" : ` (${hint})`}`;
    }
    case "end": {
      const { client, target, endedBy, durationMs } = event;
      return `${client} to ${target}: ended by ${
        endedBy === "signal" ? "the proxy" : endedBy
      } after ${durationMs} ms, ${event.fromClient} bytes from client, ${event.fromUpstream} from database`;
    }
    case "cancel":
      return `${event.client} to ${event.target}: cancel request`;
    case "tunnel": {
      const { tunnel, state, why, hint } = event;
      return state === "up"
        ? `tunnel ${tunnel} is up`
        : `tunnel ${tunnel} is down, and opened again: ${why}${
          hint === undefined ? "" : ` (${hint})`
        }`;
    }
    case "error":
      return `${event.client}: given up: ${event.message}`;
  }
}

/** Names come from clients: none shall forge a line or colour the terminal. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
