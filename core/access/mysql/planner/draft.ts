import type { MysqlCatalog } from "../catalog.ts";
import type {
  MysqlAlready,
  MysqlNotice,
  MysqlPlan,
  MysqlStep,
} from "../plan.ts";

/** A plan in the making. */
export class MysqlDraft {
  readonly #steps: MysqlStep[] = [];
  readonly #already: MysqlAlready[] = [];
  readonly #notices: MysqlNotice[] = [];

  /** Adds a change. */
  add(step: MysqlStep): void {
    this.#steps.push(step);
  }

  /** Says that a change is not needed. */
  already(step: MysqlStep, through: string | null = null): void {
    this.#already.push({ step, through });
  }

  /** Adds the change, or says that it is not needed. */
  addUnless(isDone: boolean, step: MysqlStep): void {
    if (isDone) this.already(step);
    else this.add(step);
  }

  /** Tells something, once. */
  notice(kind: MysqlNotice["kind"], message: string): void {
    if (this.#notices.some((notice) => notice.message === message)) return;
    this.#notices.push({ kind, message });
  }

  /** The plan, which may take all on these databases. */
  finish(
    { version }: MysqlCatalog,
    databases: readonly string[] = [],
  ): MysqlPlan {
    return {
      version,
      databases,
      steps: this.#steps,
      already: this.#already,
      notices: this.#notices,
    };
  }
}
