import type { WriterEntry, WriterOption } from "../../core/writer/writer.ts";

/** What to know of a writer to test it. */
export interface ContractOptions {
  /** What it is made with. */
  options?: Readonly<Record<string, WriterOption>>;
  /** What its entries have otherwise: `{ engine: "mysql" }`. */
  entry?: Partial<WriterEntry>;
  /** Whether it refuses targets that are dialled through a tunnel; default: it takes them. */
  direct?: boolean;
  /** Whether its files hold one target alone; default: any number. */
  single?: boolean;
  /** Whether it writes a file anew of the entries it is given; default: it keeps its other entries. */
  whole?: boolean;
  /** Files of the format with content that is not rdsiam's, all of which must stay. */
  foreign?: readonly string[];
}
