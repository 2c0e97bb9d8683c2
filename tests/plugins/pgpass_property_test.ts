import assert from "node:assert/strict";
import fc from "fast-check";
import { passfileAddresses } from "../../core/passfile/addresses.ts";
import { findPassword } from "../../core/passfile/lookup.ts";
import { UnreadableText } from "../../core/writer/writer.ts";
import pgpass from "../../plugins/pgpass.ts";
import { entries, field } from "./entries.ts";
import { anyCharacter } from "../any_character.ts";

const name = fc.oneof(
  fc.constantFrom("*", "db", "localhost", "app", "5432", "15432", ""),
  field.map((text) => text.replace(/[\\:]/g, "\\$&")),
);

/** Lines that a writer may meet; the first is always one of a passfile. */
const lines = fc.array(
  fc.oneof(
    fc.tuple(name, fc.constantFrom("*", "5432", "5433", "15432"), name, name)
      .map((names) => [...names, "theirs"].join(":")),
    fc.constantFrom("", "# comment", "\uFEFF# x", "  # indented", "localhost"),
    fc.constantFrom("# rdsiam:", "# rdsiam: not ours", "\\", "a\\:b:c"),
    fc.string({ unit: anyCharacter }).map((text) =>
      text.replace(/[\n\0]/g, "")
    ),
    fc.constantFrom("\uD800:x", "\uDFFF"),
  ),
  { maxLength: 12 },
).map((made) => ["other:1:*:me:theirs", ...made]);

const foreignText = fc.tuple(
  lines,
  fc.array(fc.constantFrom("\n", "\r\n"), { minLength: 13, maxLength: 13 }),
  fc.boolean(),
  fc.constantFrom("", "\uFEFF"),
).map(([made, ends, isEnded, mark]) =>
  mark +
  made.map((line, index) =>
    line + (index < made.length - 1 || isEnded ? ends[index] : "")
  ).join("")
);

/** The lines of a text that no marker stands above, nor are markers themselves. */
function foreignLines(text: string): string[] {
  const kept: string[] = [];
  let isOurs = false;
  for (const line of text.split("\n")) {
    const isMarker = /^# rdsiam:\S+ .*check=/.test(line);
    if (!isMarker && !isOurs) kept.push(line);
    isOurs = isMarker;
  }
  return kept;
}

/** Reads a line strictly, as the pickiest readers do: five fields, each escape of a colon or a backslash. */
function readStrictly(line: string): string[] {
  const fields = [""];
  for (const [piece] of line.matchAll(/\\.|[^\\]/gsu)) {
    if (piece === ":") fields.push("");
    else fields.push(fields.pop() + piece.replace(/^\\/, ""));
  }
  assert.equal(fields.length, 5);
  return fields;
}

for (const database of ["any", "own"] as const) {
  const writer = pgpass({ database });

  Deno.test(`pgpass with database ${database} writes what libpq finds, and leaves all else as it was`, () => {
    fc.assert(fc.property(foreignText, entries, (oldText, made) => {
      const { newText } = writer.render(made, oldText);
      for (const entry of made) {
        for (const address of passfileAddresses(entry)) {
          const { username, database } = entry;
          const found = findPassword(newText, {
            ...address,
            username,
            database,
          });
          const alike = made.filter((other) =>
            other.username === username &&
            passfileAddresses(other).some((theirs) =>
              theirs.host === address.host && theirs.port === address.port
            )
          ).map((other) => other.password.reveal());
          assert.ok(found !== undefined && alike.includes(found.reveal()));
          if (alike.length === 1) assert.equal(found.reveal(), alike[0]);
        }
      }
      // After a carriage return alone, a line feed is better than none.
      if (!oldText.endsWith("\r")) {
        assert.equal(newText.endsWith("\n"), oldText.endsWith("\n"));
      }
      // Only the last line's end may be new, as another line may be last now.
      const bare = (text: string) => foreignLines(text).join("\n").trimEnd();
      assert.equal(bare(newText), bare(oldText));
    }));
  });

  Deno.test(`pgpass with database ${database} changes nothing the second time`, () => {
    fc.assert(fc.property(foreignText, entries, (oldText, made) => {
      const { newText } = writer.render(made, oldText);
      assert.deepEqual(writer.render(made, newText), { newText, notices: [] });
    }));
  });

  Deno.test(`pgpass with database ${database} takes out what it put in`, () => {
    fc.assert(fc.property(foreignText, entries, (oldText, made) => {
      fc.pre(!oldText.endsWith("\r"));
      const { newText } = writer.render(made, oldText);
      const names = made.map((entry) => entry.name);
      assert.equal(writer.remove(names, newText).newText, oldText);
      assert.equal(writer.remove(undefined, newText).newText, oldText);
    }));
  });

  Deno.test(`pgpass with database ${database} lists every name, and renews each alone`, () => {
    fc.assert(fc.property(foreignText, entries, (oldText, made) => {
      let text = writer.render(made, oldText).newText;
      const names = made.map((entry) => entry.name).sort();
      assert.deepEqual(writer.list?.(text).map((e) => e.name).sort(), names);
      for (const entry of made) {
        const { newText, notices } = writer.render([entry], text);
        assert.deepEqual(notices, []);
        text = newText;
      }
      assert.deepEqual(writer.list?.(text).map((e) => e.name).sort(), names);
      for (const entry of made) {
        text = writer.remove([entry.name], text).newText;
      }
      assert.deepEqual(writer.list?.(text), []);
    }));
  });
}

Deno.test("pgpass writes lines of five fields that the strictest reader takes", () => {
  fc.assert(fc.property(entries, (made) => {
    const { newText } = pgpass().render(made, "");
    const written = newText.split("\n").slice(0, -1);
    const passwords = new Set(made.map((entry) => entry.password.reveal()));
    for (const [index, line] of written.entries()) {
      if (index % 2 === 0) {
        assert.match(line, /^# rdsiam:[^\s\p{Cc}]+ expires=\S+Z check=\w{8}$/u);
        continue;
      }
      const [, port, database, , password = ""] = readStrictly(line);
      assert.match(port ?? "", /^\d+$/);
      assert.equal(database, "*");
      assert.ok(passwords.has(password));
    }
  }));
});

Deno.test("pgpass gives a text back or refuses it by a line of it, whatever it is", () => {
  fc.assert(fc.property(
    fc.string({ unit: fc.constantFrom(..."# rdsiam:x=*\\\r\n\0\uFEFF\uD800") }),
    (text) => {
      try {
        assert.equal(pgpass().render([], text).newText, text);
      } catch (error) {
        assert.ok(error instanceof UnreadableText);
        assert.ok(error.line >= 1 && error.line <= text.split("\n").length);
      }
    },
  ));
});
