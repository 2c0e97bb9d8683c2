import { RdsiamError } from "../core/errors.ts";
import { parseTemplate, type TemplateNode } from "./formats/template.ts";
import {
  type PureWriter,
  type PureWriterFactory,
  UnreadableText,
  type WriterEntry,
} from "../core/writer/writer.ts";
import {
  readWriterOptions,
  WriterOptionError,
} from "./contract/writer_options.ts";

/** The options of the writer, with their defaults. */
export const defaults = {
  /** The template's text. */
  template: "",
} as const;

/** A file of any format, made of a template with placeholders. */
const template: PureWriterFactory = (given): PureWriter => {
  const options = readWriterOptions(given, defaults);
  const nodes = parseTemplate(options.template);
  if (nodes.length > 0 && nodes.every(({ kind }) => kind === "text")) {
    throw new WriterOptionError(
      'Option "template" has no placeholder',
      "Name a file as @FILE",
    );
  }

  function checkOwn(text: string): void {
    if (text === "" || couldBe(text, nodes)) return;
    throw new UnreadableText(
      1,
      "it is not what the template makes: name another file, or delete this one when the template has changed",
    );
  }

  return {
    name: "template",
    describe: {
      summary: "file of a template",
      clients: "anything else",
      rereads: "start",
      holdsSecrets: true,
    },
    defaultPath: () => undefined,
    render(entries, oldText) {
      if (entries.length === 0) return { newText: oldText };
      if (nodes.length === 0) {
        throw new RdsiamError("usage", 'Writer "template" has no template', {
          hint: "Name its file with the option template=@FILE",
        });
      }
      checkOwn(oldText);
      return {
        newText: nodes.map((node) => renderNode(node, entries)).join(""),
      };
    },
    remove(_names, oldText) {
      checkOwn(oldText);
      return { newText: "" };
    },
  };
};

export default template;

function renderNode(
  node: TemplateNode,
  entries: readonly WriterEntry[],
): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "each":
      return entries.map((entry) =>
        node.nodes.map((inner) => renderNode(inner, [entry])).join("")
      ).join("");
    case "value": {
      const [entry, second] = entries;
      if (entry === undefined) return "";
      if (second === undefined) return node.value(entry);
      throw new RdsiamError(
        "usage",
        `Line ${node.line} of the template is for one target, and there are ${entries.length}`,
        { hint: "Put {{#each}} and {{/each}} around what is repeated" },
      );
    }
  }
}

/** Whether the template may have made a text: its own words stand there in their order, a value within its line. */
function couldBe(text: string, nodes: readonly TemplateNode[]): boolean {
  let position = 0;
  let gap = ""; // the kind of what stands between the last words and the next
  const fits = (end: number) =>
    gap === "each" ||
    (gap === "value"
      ? !text.slice(position, end).includes("\n")
      : end === position);
  for (const [index, node] of nodes.entries()) {
    if (node.kind !== "text") {
      if (gap !== "each") gap = node.kind;
      continue;
    }
    const isLast = index === nodes.length - 1;
    const found = isLast
      ? text.length - node.text.length
      : text.indexOf(node.text, position);
    if (found < position || !text.startsWith(node.text, found)) return false;
    if (!fits(found)) return false;
    position = found + node.text.length;
    gap = "";
  }
  if (!fits(text.length)) return false;
  // A template of little but placeholders may have made anything: a token tells.
  return nodes.some((node) => node.kind === "text" && /\w/.test(node.text)) ||
    text.includes("X-Amz-Signature");
}
