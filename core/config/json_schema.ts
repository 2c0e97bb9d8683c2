import { CONFIG_SHAPE } from "./definition.ts";
import type { Shape, TableShape } from "./shape.ts";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of the configuration file, in the draft that editors of TOML know: 7. */
export function configSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "rdsiam",
    ...schemaOf(CONFIG_SHAPE),
  };
}

function schemaOf(shape: Shape): JsonSchema {
  const { about } = shape;
  const description = `${about.charAt(0).toUpperCase()}${about.slice(1)}`;
  return { description, ...rulesOf(shape) };
}

function rulesOf(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case "text":
      return shape.choices === undefined
        ? { type: "string", minLength: 1 }
        : { enum: shape.choices };
    case "integer":
      return {
        type: "integer",
        minimum: shape.minimum,
        maximum: shape.maximum,
      };
    case "texts":
      return { type: "array", items: { type: "string", minLength: 1 } };
    case "table":
      return tableRules(shape);
    case "named":
      return {
        type: "object",
        patternProperties: { [shape.pattern]: schemaOf(shape.each) },
        additionalProperties: false,
      };
    case "tables":
      return { type: "array", items: schemaOf(shape.each) };
    case "options":
      return {
        type: "object",
        additionalProperties: { type: ["string", "number", "boolean"] },
      };
  }
}

function tableRules({ keys }: TableShape): JsonSchema {
  const entries = Object.entries(keys);
  const required = entries.flatMap(([key, shape]) =>
    "required" in shape ? [key] : []
  );
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([key, shape]) => [key, schemaOf(shape)]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}
