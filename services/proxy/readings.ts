import type { ProxyEvent } from "./events.ts";
import type { Session } from "./session.ts";

/** What the clients of one target have carried, and how many there are. */
export interface Reading {
  connections: number;
  /** Bytes from clients since the start. */
  fromClient: number;
  /** Bytes from the database since the start. */
  fromUpstream: number;
}

/** Adds up what sessions carry, those that have ended included. */
export class Readings {
  readonly #ended = new Map<string, Reading>();

  /** Takes the bytes of a session that has ended over. */
  record(event: ProxyEvent): void {
    if (event.kind !== "end") return;
    const total = this.#ended.get(event.target) ?? nothing();
    total.fromClient += event.fromClient;
    total.fromUpstream += event.fromUpstream;
    this.#ended.set(event.target, total);
  }

  /** What each target has now, the named ones at least. */
  read(
    names: readonly string[],
    sessions: Iterable<Session>,
  ): Map<string, Reading> {
    const readings = new Map(names.map((name) => [name, nothing()]));
    for (const [name, total] of this.#ended) readings.set(name, { ...total });
    for (const { target, counts } of sessions) {
      const reading = readings.get(target) ?? nothing();
      reading.connections++;
      reading.fromClient += counts.fromClient;
      reading.fromUpstream += counts.fromUpstream;
      readings.set(target, reading);
    }
    return readings;
  }
}

function nothing(): Reading {
  return { connections: 0, fromClient: 0, fromUpstream: 0 };
}
