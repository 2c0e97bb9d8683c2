import { SaxesParser } from "saxes";
import { lineAt } from "./text_edit.ts";
import { UnreadableText } from "../../core/writer/writer.ts";

/** An element and where it stands in its text, in UTF-16 units. */
export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
  /** Its own text, without its children's. */
  text: string;
  /** Place of its `<`. */
  start: number;
  /** Place behind its start tag. */
  contentStart: number;
  /** Place of its end tag's `<`; behind the start tag, when that closes itself. */
  contentEnd: number;
  /** Place behind its end. */
  end: number;
  /** Whether its start tag closes itself: `<a/>`. */
  isSelfClosing: boolean;
}

/**
 * Parses XML 1.0 with the places of its elements.
 *
 * @throws {UnreadableText} when it is not well-formed
 */
export function parseXml(text: string): XmlElement {
  type Open = XmlElement & { children: Open[] };
  const broken = text.search(/\p{Cs}/u); // bytes that are no UTF-8
  if (broken >= 0) {
    throw new UnreadableText(lineAt(text, broken), "not XML: not UTF-8");
  }
  const parser = new SaxesParser<{ position: true; xmlns: false }>({
    position: true,
    xmlns: false,
  });
  const open: Open[] = [];
  let root: XmlElement | undefined;
  parser.on("error", (error) => {
    // Its message begins with the place, which is given on its own.
    // deno-lint-ignore rdsiam/no-prose -- saxes's own
    const why = error.message.replace(/^[\d:]+ /, "").replace(/\.$/, "");
    const place = Math.min(parser.position, text.trimEnd().length);
    // What follows the name of the fault repeats the file.
    // deno-lint-ignore rdsiam/no-prose -- saxes's own
    const [fault = ""] = why.split(/[:"']/);
    throw new UnreadableText(
      lineAt(text, place),
      `not XML: ${fault.trim()}`,
    );
  });
  parser.on("opentag", ({ name, attributes, isSelfClosing }) => {
    const place = parser.position;
    const element: Open = {
      name,
      attributes,
      children: [],
      text: "",
      start: text.lastIndexOf("<", place - 1), // no attribute holds one
      contentStart: place,
      contentEnd: place,
      end: place,
      isSelfClosing,
    };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  for (const event of ["text", "cdata"] as const) {
    parser.on(event, (data) => {
      const element = open.at(-1);
      if (element !== undefined) element.text += data;
    });
  }
  parser.on("closetag", () => {
    const element = open.pop();
    if (element === undefined || element.isSelfClosing) return;
    element.end = parser.position;
    element.contentEnd = text.lastIndexOf("</", element.end - 1);
  });
  parser.write(text).close();
  if (root === undefined) throw new UnreadableText(1, "not XML: no element");
  return root;
}

/**
 * Writes text for an element or a quoted attribute.
 *
 * @throws {RangeError} when XML 1.0 has no way to write a character
 */
export function escapeXml(text: string): string {
  // Char of XML 1.0, section 2.2.
  if (!/^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text)) {
    throw new RangeError(
      "Cannot write XML: a name or path holds a character that XML does not have",
    );
  }
  return text.replace(/[&<>"\t\r\n]/g, (character) => ESCAPES[character] ?? "");
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\r": "&#13;",
  "\n": "&#10;",
};
