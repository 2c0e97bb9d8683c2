import type { Catalog } from "../catalog.ts";
import { settled } from "./settle.ts";
import { keepsFor } from "./keep.ts";
import type { Already, Notice, Plan, Step } from "../plan.ts";

/** A plan in the making. */
export class Draft {
  readonly #steps: Step[] = [];
  readonly #already: Already[] = [];
  readonly #notices: Notice[] = [];

  /** The changes so far. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** Adds a change. */
  add(step: Step): void {
    this.#steps.push(step);
  }

  /** Adds the change, or says that it is not needed. */
  addUnless(done: boolean, step: Step, through: string | null = null): void {
    if (done) this.#already.push({ step, through });
    else this.#steps.push(step);
  }

  /** Tells something. */
  notice(kind: Notice["kind"], message: string): void {
    if (this.#notices.some((notice) => notice.message === message)) return;
    this.#notices.push({ kind, message });
  }

  /** The plan, with what others keep by it ahead of it. */
  finish(catalog: Catalog, subjects: readonly string[] = []): Plan {
    // What is granted takes nothing from anybody.
    const steps = subjects.length === 0 ? this.#steps : settled(catalog, [
      ...keepsFor(catalog, this.#steps, new Set(subjects)),
      ...this.#steps,
    ]);
    return {
      serverVersion: catalog.serverVersion,
      database: catalog.database.name,
      subjects,
      steps,
      already: this.#already,
      notices: this.#notices,
    };
  }
}
