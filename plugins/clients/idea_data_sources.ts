import { createHash } from "node:crypto";
import {
  applyEdits,
  indentAt,
  indentUnitOf,
  lineAt,
  lineEndOf,
  type TextEdit,
} from "../formats/text_edit.ts";
import { type ManagedEntry, UnreadableText } from "../../core/writer/writer.ts";
import {
  escapeXml,
  parseXml,
  type XmlElement,
} from "../formats/xml_document.ts";

/** One of the two files that a JetBrains project keeps its data sources in. */
export interface IdeaFile {
  /** Name of the component that holds them. */
  component: string;
  /** Its other attributes, as written. */
  attributes: string;
}

/** A data source of ours, as elements with text by their names. */
export interface IdeaDataSource {
  /** The target's name. */
  name: string;
  /** Attributes that a new one has before its name. */
  attributes?: string;
  /** What is kept right. */
  fields: Readonly<Record<string, string>>;
  /** What a new one has besides; the user may change it. */
  firstFields?: Readonly<Record<string, string>>;
}

/** Begins the identifiers of ours, `rdsiam` in ASCII, as a UUID of version 8, which are free to choose (RFC 9562). */
const UUID_PREFIX = "72647369-616d-8";

/** What the name of ours ends with in the IDE. */
const SUFFIX = " (rdsiam)";

/** Begins the remark of ours, before the target's name. */
export const REMARK = "rdsiam:";

/** The identifier of a target's data source: the same in both files, and at every time. */
export function dataSourceId(name: string): string {
  const hash = createHash("sha256").update(name).digest("hex");
  return `${UUID_PREFIX}${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${
    hash.slice(6, 18)
  }`;
}

/**
 * Puts data sources into a file, each in the place of its last self; what the IDE or the user has added to one stays.
 *
 * @throws {UnreadableText} when the text is no such file
 * @throws {RangeError} when XML cannot carry a value
 */
export function putDataSources(
  text: string,
  file: IdeaFile,
  sources: readonly IdeaDataSource[],
): string {
  if (sources.length === 0) return text;
  const source = text.trim() === "" ? emptyFile(file) : text;
  const { root, component } = readFile(source, file);
  const known = elementsOf(component);
  const edits: TextEdit[] = [];
  const added: IdeaDataSource[] = [];
  for (const dataSource of sources) {
    const element = known.get(dataSourceId(dataSource.name));
    if (element === undefined) added.push(dataSource);
    else edits.push(...setFields(source, element, dataSource.fields));
  }
  if (added.length > 0) {
    const parent = component ?? root;
    const opening = component === undefined ? [openingOf(file)] : [];
    const closing = component === undefined ? ["</component>"] : [];
    const elements = added.flatMap(writeElement);
    edits.push(
      append(source, parent, [
        ...opening,
        ...indentLines(elements, opening.length),
        ...closing,
      ]),
    );
  }
  return applyEdits(source, edits);
}

/**
 * Takes the data sources of these targets out; without names, all of ours.
 *
 * @throws {UnreadableText} when the text is no such file
 */
export function removeDataSources(
  text: string,
  file: IdeaFile,
  names: readonly string[] | undefined,
): string {
  if (text.trim() === "") return text;
  const ids = names === undefined
    ? undefined
    : new Set(names.map(dataSourceId));
  const edits: TextEdit[] = [];
  for (const [id, element] of elementsOf(readFile(text, file).component)) {
    if (!id.startsWith(UUID_PREFIX) || ids?.has(id) === false) continue;
    const offset = text.slice(0, element.start).trimEnd().length;
    edits.push({ offset, length: element.end - offset, content: "" });
  }
  if (edits.length === 0) return text;
  const left = applyEdits(text, edits);
  return left.replace(/\s/g, "") === emptyFile(file).replace(/\s/g, "")
    ? ""
    : left;
}

/** The data sources of ours. A name that the user has changed counts where the file has no better one. */
export function listDataSources(
  text: string,
  file: IdeaFile,
): readonly ManagedEntry[] {
  if (text.trim() === "") return [];
  return [...elementsOf(readFile(text, file).component)]
    .filter(([id]) => id.startsWith(UUID_PREFIX))
    .map(([id, { attributes, children }]) => {
      const remark = children.find(({ name }) => name === "remarks")?.text ??
        "";
      const shown = attributes.name ?? "";
      const name = [
        remark.slice(REMARK.length),
        shown.endsWith(SUFFIX) ? shown.slice(0, -SUFFIX.length) : shown,
      ].find((name) => dataSourceId(name) === id);
      return { name: name ?? shown, expiresAt: undefined };
    });
}

function openingOf({ component, attributes }: IdeaFile): string {
  return `<component name="${component}"${attributes}>`;
}

function emptyFile(file: IdeaFile): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<project version="4">
  ${openingOf(file)}
  </component>
</project>
`;
}

function readFile(
  text: string,
  file: IdeaFile,
): { root: XmlElement; component: XmlElement | undefined } {
  const root = parseXml(text);
  if (root.name !== "project") {
    throw new UnreadableText(
      lineAt(text, root.start),
      "not a file of a JetBrains project, whose outermost element is <project>",
    );
  }
  const component = root.children.find(({ name, attributes }) =>
    name === "component" && attributes.name === file.component
  );
  return { root, component };
}

function elementsOf(component: XmlElement | undefined) {
  return new Map(
    component?.children.filter(({ name }) => name === "data-source")
      .map((element) => [element.attributes.uuid ?? "", element] as const),
  );
}

function writeField([name, value]: readonly [string, string]): string {
  return `<${name}>${escapeXml(value)}</${name}>`;
}

function writeElement(
  { name, attributes = "", fields, firstFields = {} }: IdeaDataSource,
): string[] {
  const shown = escapeXml(name + SUFFIX);
  return [
    `<data-source${attributes} name="${shown}" uuid="${dataSourceId(name)}">`,
    ...indentLines(
      Object.entries({ ...firstFields, ...fields }).map(writeField),
      1,
    ),
    "</data-source>",
  ];
}

/** A tab stands for one level, and becomes what the file indents with. */
function indentLines(lines: readonly string[], levels: number): string[] {
  return lines.map((line) => "\t".repeat(levels) + line);
}

function setFields(
  text: string,
  element: XmlElement,
  fields: IdeaDataSource["fields"],
): TextEdit[] {
  const missing: string[] = [];
  const edits: TextEdit[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const child = element.children.find((child) => child.name === name);
    const content = writeField([name, value]);
    if (child === undefined) missing.push(content);
    else if (child.text !== value) {
      const length = child.end - child.start;
      edits.push({ offset: child.start, length, content });
    }
  }
  if (missing.length > 0) edits.push(append(text, element, missing));
  return edits;
}

/** Puts lines behind what an element holds. */
function append(
  text: string,
  element: XmlElement,
  lines: readonly string[],
): TextEdit {
  const unit = indentUnitOf(text);
  const outer = indentAt(text, element.start);
  const first = element.children[0];
  const inner = first === undefined
    ? outer + unit
    : indentAt(text, first.start);
  const end = lineEndOf(text);
  const body = lines.map((line) =>
    end + inner + line.replace(/^\t+/, (tabs) => unit.repeat(tabs.length))
  ).join("");
  if (element.isSelfClosing) {
    const offset = text.slice(0, element.end - 2).trimEnd().length;
    return {
      offset,
      length: element.end - offset,
      content: `>${body}${end}${outer}</${element.name}>`,
    };
  }
  const offset = text.slice(0, element.contentEnd).trimEnd().length;
  const isOnOwnLine = text.slice(offset, element.contentEnd).includes("\n");
  return {
    offset,
    length: 0,
    content: isOnOwnLine ? body : body + end + outer,
  };
}
