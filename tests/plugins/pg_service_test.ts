import assert from "node:assert/strict";
import { parseServiceFile } from "../../core/target/service_file.ts";
import fc from "fast-check";
import { UnreadableText, type WriterEntry } from "../../core/writer/writer.ts";
import { contractEntries } from "../../plugins/contract/entries.ts";
import pgService from "../../plugins/pg_service.ts";
import { assertRefuses } from "../rdsiam_error.ts";
import { FOREIGN } from "./foreign_files.ts";

const writer = pgService();

function entry(changes: Partial<WriterEntry> = {}): WriterEntry {
  const [orders] = contractEntries(0, changes);
  assert.ok(orders !== undefined);
  return orders;
}

const ORDERS = `# rdsiam keeps this section
[orders]
host=orders.abc123.eu-west-1.rds.amazonaws.com
port=5432
user=app
dbname=orders
sslmode=verify-full
sslrootcert=/home/u/.rdsiam/roots.pem
passfile=/home/u/.pgpass
`;

Deno.test("pg-service writes a section for a target", () => {
  assert.equal(writer.render([entry()], "").newText, ORDERS);
});

Deno.test("pg-service puts its section behind what is there", () => {
  assert.equal(
    writer.render([entry()], "[a]\nhost=b").newText,
    `[a]\nhost=b\n\n${ORDERS}`,
  );
});

Deno.test("pg-service dials an address and keeps the endpoint's name for the certificate", () => {
  const connect = { host: "::1", port: 15_432 };
  const { newText } = writer.render([entry({ connect })], "");
  assert.equal(
    newText,
    ORDERS.replace("port=5432", "hostaddr=::1\nport=15432")
      .replace("host=", "# rdsiam signs for port 5432\nhost="),
  );
  assert.equal(writer.render([entry({ connect })], newText).newText, newText);
  assert.equal(writer.render([entry()], newText).newText, ORDERS);
});

Deno.test("pg-service keeps the endpoint's port for rdsiam, where a tunnel has another", () => {
  const connect = { host: "::1", port: 15_432 };
  const { newText } = writer.render([entry({ connect })], "");
  const [service] = parseServiceFile(newText);
  assert.equal(service?.fields.port, "5432");
  assert.equal(service?.fields.connect, "[::1]:15432");
});

Deno.test("pg-service keeps what the user has added to its section", () => {
  const theirs = `${ORDERS}# mine\napplication_name=reports\n\n# next\n[b]\n`
    .replace("user=app\n", "user=wrong\n");
  assert.equal(
    writer.render([entry()], theirs).newText,
    `${ORDERS}# mine\napplication_name=reports\n\n# next\n[b]\n`,
  );
});

Deno.test("pg-service refuses a name that a section of the user's has, with its line", () => {
  assertRefuses(
    () => writer.render([entry({ name: "nightly" })], FOREIGN.service),
    {
      message:
        'Cannot write service "nightly": line 11 begins a section of this name that is not rdsiam\'s',
      hint:
        'Rename that section, or let rdsiam have it with a line "# rdsiam keeps this section" above it',
    },
  );
});

for (
  const [changes, fault] of [
    [{ name: "a]b" }, '"a]b": its name holds a bracket or a line break'],
    [
      { username: "a\nhost=evil" },
      '"orders": its user holds a line break, or ends with white space',
    ],
    [
      { passfile: "/tmp/p " },
      '"orders": its passfile holds a line break, or ends with white space',
    ],
    [
      { sslrootcert: `/${"ä".repeat(600)}` },
      '"orders": its sslrootcert is longer than libpq reads',
    ],
  ] as const
) {
  Deno.test(`pg-service refuses ${fault}`, () => {
    assertRefuses(() => writer.render([entry(changes)], ""), {
      message: `Cannot write service ${fault}`,
      hint: "Give the target another name or setting in the configuration file",
    });
  });
}

Deno.test("pg-service refuses to dial a name, which libpq's hostaddr does not take", () => {
  const connect = { host: "bastion", port: 1 };
  assertRefuses(() => writer.render([entry({ connect })], ""), {
    message:
      'Cannot write "orders": it is dialled at "bastion", which must be an IP address',
    hint: "Give an IP address with connect, such as 127.0.0.1",
  });
});

for (
  const [text, line, why] of [
    ["# a\n\n{}\n", 3, "neither a comment nor a [section] of a service file"],
    ["[a]\n\0\n", 2, "it holds a NUL byte"],
    [
      `[a]\nhost=${"a".repeat(1017)}\n`,
      2,
      "longer than libpq reads in a service file",
    ],
  ] as const
) {
  Deno.test(`pg-service refuses a file with a line ${line} that is ${why}`, () => {
    assert.throws(
      () => writer.render([entry()], text),
      new UnreadableText(line, why),
    );
    assert.throws(() => writer.remove(undefined, text), UnreadableText);
  });
}

Deno.test("pg-service finds the file where libpq does", () => {
  const home = { HOME: "/home/u", APPDATA: "C:\\A" };
  assert.equal(writer.defaultPath(home, "linux"), "/home/u/.pg_service.conf");
  assert.equal(
    writer.defaultPath(home, "windows"),
    "C:\\A\\postgresql\\.pg_service.conf",
  );
  assert.equal(
    writer.defaultPath({ ...home, PGSERVICEFILE: "/etc/s" }, "linux"),
    "/etc/s",
  );
  assert.equal(writer.defaultPath({}, "linux"), undefined);
});

/** Reads a service as `parseServiceFile` of `fe-connect.c` does. */
function readService(text: string, service: string) {
  const found: Record<string, string> = {};
  let isFound = false;
  for (const raw of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    assert.ok(new TextEncoder().encode(raw).length < 1023, "line too long");
    const line = raw.replace(/[ \t\n\v\f\r]+$/, "").replace(
      /^[ \t\n\v\f\r]+/,
      "",
    );
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (isFound) return found;
      isFound = line.startsWith(`[${service}]`);
    } else if (isFound) {
      const place = line.indexOf("=");
      assert.ok(place > 0, "syntax error");
      found[line.slice(0, place)] ??= line.slice(place + 1);
    }
  }
  return found;
}

Deno.test("pg-service writes what libpq reads back, around anything", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 })
    .filter((text) => !/[\]\r\n\0]/.test(text) && text.trimEnd() === text);
  const line = fc.oneof(
    fc.constantFrom("", "  ", "# c", "[a]", " [b]", "x=y", "[", "[orders"),
    fc.string({ maxLength: 30 }).filter((text) => !/[\n\0]/.test(text)),
  );
  fc.assert(fc.property(
    fc.array(line),
    fc.constantFrom("\n", "\r\n"),
    fc.boolean(),
    word,
    word,
    (lines, end, isClosed, username, database) => {
      const foreign = `[z]${end}${lines.join(end)}${isClosed ? end : ""}`;
      const ours = entry({ name: "orders\u00e9", username, database });
      const { newText } = writer.render([ours], foreign);
      const found = readService(newText, ours.name);
      assert.deepEqual(
        [found.user, found.dbname, found.host],
        [username, database, ours.host],
      );
      assert.equal(writer.render([ours], newText).newText, newText);
      assert.ok(newText.startsWith(foreign));
      const left = writer.remove([ours.name], newText).newText;
      assert.equal(left.trimEnd(), foreign.trimEnd());
    },
  ));
});
