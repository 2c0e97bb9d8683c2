import type { WriterOption } from "../writer/writer.ts";

/** A text; a list of `choices` holds all that are allowed. */
export interface TextShape {
  kind: "text";
  /** What it is, in words that stand in a help text; every shape has them. */
  about: string;
  required?: true;
  choices?: readonly string[];
}

/** A whole number. */
export interface IntegerShape {
  kind: "integer";
  about: string;
  minimum: number;
  maximum: number;
}

/** A list of texts. */
export interface TextsShape {
  kind: "texts";
  about: string;
}

/** A table whose keys are known. */
export interface TableShape {
  kind: "table";
  about: string;
  keys: Readonly<Record<string, Shape>>;
}

/** A table whose keys are names of the user's. */
export interface NamedShape {
  kind: "named";
  about: string;
  /** What is named: `target`. */
  what: string;
  /** The names that are allowed, as a regular expression without flags. */
  pattern: string;
  each: TableShape;
}

/** An array of tables. */
export interface TablesShape {
  kind: "tables";
  about: string;
  each: TableShape;
}

/** A table of texts, numbers and booleans, whose keys are not rdsiam's to know. */
export interface OptionsShape {
  kind: "options";
  about: string;
}

/** What a key of the configuration file holds. Validation, types and the JSON Schema all come of this. */
export type Shape =
  | TextShape
  | IntegerShape
  | TextsShape
  | TableShape
  | NamedShape
  | TablesShape
  | OptionsShape;

type TableOf<Keys> =
  & {
    [Key in keyof Keys as Keys[Key] extends { required: true } ? Key : never]:
      ValueOf<Keys[Key]>;
  }
  & {
    [Key in keyof Keys as Keys[Key] extends { required: true } ? never : Key]?:
      ValueOf<Keys[Key]>;
  };

/** The values of a shape, once they are checked. */
export type ValueOf<S> = S extends
  { kind: "text"; choices: readonly (infer Choice)[] } ? Choice
  : S extends { kind: "text" } ? string
  : S extends { kind: "integer" } ? number
  : S extends { kind: "texts" } ? readonly string[]
  : S extends { kind: "table"; keys: infer Keys } ? TableOf<Keys>
  : S extends { kind: "named"; each: infer Each }
    ? Readonly<Record<string, ValueOf<Each>>>
  : S extends { kind: "tables"; each: infer Each } ? readonly ValueOf<Each>[]
  : S extends { kind: "options" } ? Readonly<Record<string, WriterOption>>
  : never;
