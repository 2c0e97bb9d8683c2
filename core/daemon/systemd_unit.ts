import {
  DAEMON_MARK,
  type DaemonDefinition,
  describeDaemon,
  unwritable,
} from "./definition.ts";

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f]/g;

/**
 * The user unit of a service (systemd.service(5), systemd.exec(5)). It hardens only what a unit of a user can, and what
 * credential helpers can live with: no file system of its own, since it writes files wherever clients look for them.
 *
 * @throws {RdsiamError} `usage`, when something cannot be written in a unit
 */
export function formatSystemdUnit(definition: DaemonDefinition): string {
  const { command, environment, folder } = definition;
  const words = command.map((word, index) =>
    quoteWord(
      // A variable is put into arguments at the start, never into the program's path.
      index === 0 ? word : word.replaceAll("$", "$$$$"),
      index === 0 ? "the program's path" : `argument ${index}`,
    )
  );
  const variables = Object.entries(environment).map(([name, value]) =>
    `Environment=${quoteWord(`${name}=${value}`, `variable "${name}"`)}\n`
  );
  return `# ${DAEMON_MARK}
[Unit]
Description=${escapePercent(describeDaemon(definition))}

[Service]
ExecStart=${words.join(" ")}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${formatFolder(folder)}
${variables.join("")}Restart=on-failure
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
`;
}

/** A word that systemd reads back exactly: quoted and escaped (systemd.syntax(7)), with no specifier in it. */
function quoteWord(text: string, what: string): string {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw unwritable(what, "a unit of systemd");
  }
  const plain = escapePercent(text);
  if (/^[\w./:@%+=,-]+$/.test(plain)) return plain;
  const escaped = plain.replaceAll(/["\\]/g, "\\$&")
    .replaceAll(CONTROL, (control) => {
      const hexadecimal = control.charCodeAt(0).toString(16).padStart(2, "0");
      return `\\x${hexadecimal}`;
    });
  return `"${escaped}"`;
}

/** A path of a setting that knows no quotes. Blanks at its end would go, a backslash there would join two lines. */
function formatFolder(folder: string): string {
  const isWritable = folder.isWellFormed() &&
    folder.search(CONTROL) < 0 && !/[\s\\]$/.test(folder);
  if (!isWritable) {
    throw unwritable("the path of the folder", "a unit of systemd");
  }
  return escapePercent(folder);
}

function escapePercent(text: string): string {
  return text.replaceAll("%", "%%");
}
