import assert from "node:assert/strict";
import fc from "fast-check";
import { formatSystemdUnit } from "../../../core/daemon/systemd_unit.ts";
import { assertRefuses } from "../../rdsiam_error.ts";
import { definition } from "./example.ts";
import { anyCharacter } from "../../any_character.ts";

/** The values of a setting, in their order. */
function settings(unit: string, name: string): string[] {
  return unit.split("\n").filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

/** Splits words as systemd does: quotes, C escapes, `%%`; any other specifier or escape would mean something else. */
function readWords(line: string): string[] {
  const words: string[] = [];
  const word = /^(?:"((?:\\.|[^"\\])*)"|([^\s"'\\]+))(?:\s+|$)/;
  for (let rest = line; rest !== "";) {
    const match = word.exec(rest);
    assert.ok(match, `no word: ${rest}`);
    const text = match[1] ?? match[2] ?? "";
    words.push(
      text.replaceAll(/\\(x[0-9a-f]{2}|.)/g, (_, escape: string) => {
        if (!escape.startsWith("x")) {
          assert.match(escape, /["\\]/);
          return escape;
        }
        return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      }).replaceAll(/%(.?)/g, (_, specifier) => {
        assert.equal(specifier, "%");
        return "%";
      }),
    );
    rest = rest.slice(match[0].length);
  }
  return words;
}

Deno.test("formatSystemdUnit() writes a unit that restarts, reloads and hides its files", () => {
  assert.equal(
    formatSystemdUnit(definition({
      command: ["/opt/my tools/rdsiam", "sync", "--on-refresh", "echo $X 5%"],
      folder: "/home/my app/100%",
      environment: { PATH: "/usr/bin:/bin", AWS_PROFILE: 'a "b"' },
    })),
    `# Written by rdsiam service install
[Unit]
Description=rdsiam: keeps database logins fresh

[Service]
ExecStart="/opt/my tools/rdsiam" sync --on-refresh "echo $$X 5%%"
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=/home/my app/100%%
Environment=PATH=/usr/bin:/bin
Environment="AWS_PROFILE=a \\"b\\""
Restart=on-failure
RestartSec=30
# Wrong usage or configuration does not get better by itself.
RestartPreventExitStatus=2
UMask=0077
LimitCORE=0
NoNewPrivileges=yes
LockPersonality=yes
RestrictSUIDSGID=yes

[Install]
WantedBy=default.target
`,
  );
});

const word = fc.string({ unit: anyCharacter }).map((text) =>
  text.replaceAll("\0", "")
);

Deno.test("formatSystemdUnit() writes words that systemd's rules read back exactly", () => {
  const odd = fc.constantFrom(
    '"',
    "'",
    "\\",
    "%",
    "$",
    " ",
    "\n",
    ";",
    "{",
    "é",
  );
  const words = fc.array(fc.oneof(word, fc.string({ unit: odd })));
  fc.assert(fc.property(words, word, (args, value) => {
    const unit = formatSystemdUnit(definition({
      command: ["/usr/bin/$rdsiam%", ...args],
      environment: { NAME: value },
    }));
    const [line = ""] = settings(unit, "ExecStart");
    const [program, ...read] = readWords(line);
    assert.equal(program, "/usr/bin/$rdsiam%");
    for (const text of read) {
      assert.doesNotMatch(text.replaceAll("$$", ""), /\$/);
    }
    assert.deepEqual(read.map((text) => text.replaceAll("$$", "$")), args);
    const [variable = ""] = settings(unit, "Environment");
    assert.deepEqual(readWords(variable), [`NAME=${value}`]);
  }));
});

Deno.test("formatSystemdUnit() refuses what a unit cannot hold, and does not repeat it", () => {
  function refusal(what: string) {
    return {
      message:
        `The service cannot be written: ${what} holds a character that a unit of systemd cannot hold`,
      hint: "Leave out control characters",
    };
  }
  const command = ["/usr/bin/rdsiam", "a", "b\0"] as const;
  assertRefuses(
    () => formatSystemdUnit(definition({ command })),
    refusal("argument 2"),
  );
  assertRefuses(
    () => formatSystemdUnit(definition({ environment: { X: "\ud800" } })),
    refusal('variable "X"'),
  );
  for (const folder of ["/a\nExecStart=/bin/evil", "/a ", "/a\\", "/a\t"]) {
    assertRefuses(
      () => formatSystemdUnit(definition({ folder })),
      refusal("the path of the folder"),
    );
  }
});
