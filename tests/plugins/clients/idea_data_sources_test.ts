import assert from "node:assert/strict";
import fc from "fast-check";
import {
  dataSourceId,
  listDataSources,
  putDataSources,
  removeDataSources,
} from "../../../plugins/clients/idea_data_sources.ts";
import { parseXml } from "../../../plugins/formats/xml_document.ts";

const FILE = { component: "sources", attributes: ' x="1"' };

Deno.test("dataSourceId() gives each name a UUID of its own, always the same", () => {
  const shape = /^72647369-616d-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(dataSourceId("orders"), shape);
  assert.equal(dataSourceId("orders"), "72647369-616d-81c1-868a-db00d208e42f");
  assert.notEqual(dataSourceId("orders"), dataSourceId("Orders"));
});

const gap = fc.constantFrom("", " ", "\n", "\r\n\t", "<!-- <c> -->", "\n  ");
const foreign = fc.array(
  fc.constantFrom(
    '<data-source uuid="1"/>',
    '<data-source name="a" uuid="2"><f>1</f></data-source>',
    "<other>&lt;</other>",
    "<![CDATA[</x>]]>",
  ),
);
const document = fc.tuple(gap, foreign, gap, fc.boolean()).map((
  [space, elements, last, isComplete],
) =>
  `<project>${space}` + (isComplete
    ? `<component name="other"/>${space}<component x='1' name="sources">` +
      `${
        elements.map((element) =>
          space + element
        ).join("")
      }${last}</component>`
    : "") +
  `${last}</project>${space}`
);
const name = fc.string({ unit: "grapheme", minLength: 1 })
  .filter((text) =>
    /^[\n\t\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text)
  );

Deno.test("putDataSources() adds to any file, and removeDataSources() takes it back", () => {
  fc.assert(fc.property(
    document,
    fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
    fc.string(),
    (text, names, value) => {
      const clean = value.replace(/[^ -~]/g, "");
      const sources = names.map((name) => ({ name, fields: { f: clean } }));
      const written = putDataSources(text, FILE, sources);
      assert.deepEqual(
        listDataSources(written, FILE).map(({ name }) => name),
        names,
      );
      const component = parseXml(written).children.at(-1);
      const ours = component?.children.slice(-names.length) ?? [];
      assert.deepEqual(
        ours.map(({ attributes, children }) => [
          attributes.uuid,
          children[0]?.text,
        ]),
        names.map((name) => [dataSourceId(name), clean]),
      );
      assert.equal(putDataSources(written, FILE, sources), written);
      const left = removeDataSources(written, FILE, names);
      assert.equal(
        left.replace(/\s/g, "").replace(
          '<componentname="sources"x="1"></component>',
          "",
        ),
        text.replace(/\s/g, ""),
      );
    },
  ));
});
