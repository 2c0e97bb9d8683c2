/** What the systems' own readers make of the files of a service. */
import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { formatLaunchdAgent } from "../../../core/daemon/launchd_agent.ts";
import { formatScheduledTask } from "../../../core/daemon/scheduled_task.ts";
import type { DaemonDefinition } from "../../../core/daemon/definition.ts";
import { formatSystemdUnit } from "../../../core/daemon/systemd_unit.ts";
import { temporaryFolder } from "../../adapters/temporary_folder.ts";
import { definition } from "../../core/daemon/example.ts";
import { isMissing, run } from "../../programs.ts";

/** Services with arguments, variables and folders that are hard to write. */
function hardServices(count: number): DaemonDefinition[] {
  const odd = fc.constantFrom(
    ...['"', "'", "\\", "%", "$", " ", "\n", "\t", ";", "#", "{", "&", "<"],
    ...["é", "😀", "-", "a", "%h", "$HOME", "${X}"],
  );
  const text = fc.oneof(fc.string({ unit: odd }), fc.string());
  const service = fc.record({
    args: fc.array(text, { maxLength: 6 }),
    value: text,
    folder: fc.string({ unit: fc.constantFrom("a", " ", "%", '"', "'", "é") }),
  }).map(({ args, value, folder }) =>
    definition({
      command: ["/bin/true", ...args],
      environment: { AWS_PROFILE: value, PATH: "/bin:/usr/bin" },
      folder: `/tmp/${folder}x`,
    })
  );
  return fc.sample(service, count);
}

/** Reads the words that systemd shows, quoted as for a shell and with C's escapes (`quote_command_line` of systemd). */
function readShown(line: string): string[] {
  const words = line.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/gs);
  const controls: Record<string, string> = {
    a: "\x07",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
    v: "\v",
  };
  return [...words].map(([, quoted, plain]) =>
    (quoted ?? plain ?? "").replaceAll(
      /\\(x[0-9a-f]{2}|[0-7]{3}|.)/g,
      (_, escape: string) =>
        escape.startsWith("x")
          ? String.fromCharCode(Number.parseInt(escape.slice(1), 16))
          : escape.length === 3
          ? String.fromCharCode(Number.parseInt(escape, 8))
          : controls[escape] ?? escape,
    )
  );
}

Deno.test("systemd reads every unit as it was meant, and finds nothing wrong", async (t) => {
  if (await isMissing(t, "systemd-analyze")) return;
  await using folder = await temporaryFolder();
  const services = hardServices(100);
  const paths: string[] = [];
  for (const [index, service] of services.entries()) {
    const path = join(folder.path, `rdsiam-${index}.service`);
    await Deno.writeTextFile(path, formatSystemdUnit(service));
    paths.push(path);
  }
  const verify = ["verify", "--user", "--man=no", ...paths];
  const environment = { XDG_RUNTIME_DIR: folder.path };
  const quiet = await run("systemd-analyze", verify, environment);
  assert.deepEqual(quiet, { code: 0, output: "" });

  // With its debugging messages it shows what it has read.
  const { output } = await run("systemd-analyze", verify, {
    ...environment,
    SYSTEMD_LOG_LEVEL: "debug",
  });
  const shown = new Map(
    output.split(/^\t-> Unit /m).slice(1).map((text): [string, string] => [
      text.slice(0, text.indexOf(".service")),
      text,
    ]),
  );
  for (const [index, { command, folder, environment }] of services.entries()) {
    const text = shown.get(`rdsiam-${index}`) ?? "";
    const [line = ""] = /(?<=ExecStart:\n\t*Command Line: ).*/.exec(text) ?? [];
    // Variables are put in at the start, when $$ becomes $.
    const words = readShown(line).map((word) => word.replaceAll("$$", "$"));
    assert.deepEqual(words, command, text);
    assert.ok(text.includes(`WorkingDirectory: ${folder}\n`), text);
    const profile = `Environment: AWS_PROFILE=${environment.AWS_PROFILE}\n`;
    assert.ok(text.includes(profile), `${profile}${text}`);
  }
});

/** Hands texts to a Python program as JSON, and reads the JSON that it prints. */
async function python(program: string, texts: string[]): Promise<unknown> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "texts.json");
  await Deno.writeTextFile(path, JSON.stringify(texts));
  const { code, output } = await run("python3", ["-c", program, path]);
  assert.equal(code, 0, output);
  return JSON.parse(output);
}

/** Services of XML formats, which hold no control characters but white space. */
const XML_SERVICES = hardServices(200).filter((service) =>
  // deno-lint-ignore no-control-regex
  !/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/.test(
    [...service.command, ...Object.values(service.environment)].join(""),
  )
);

Deno.test("plistlib reads every agent as it was meant", async (t) => {
  if (await isMissing(t, "python3")) return;
  const texts = XML_SERVICES.map((service) =>
    formatLaunchdAgent(service, "/Users/app/rdsiam.log")
  );
  const read = await python(
    "import json, plistlib, sys; print(json.dumps([plistlib.loads(t.encode()) for t in json.load(open(sys.argv[1]))]))",
    texts,
  );
  assert.deepEqual(
    read,
    XML_SERVICES.map(({ name, command, environment, folder }) => ({
      Label: name,
      ProgramArguments: command,
      WorkingDirectory: folder,
      EnvironmentVariables: environment,
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 30,
      ProcessType: "Background",
      Umask: 63,
      HardResourceLimits: { Core: 0 },
      StandardOutPath: "/Users/app/rdsiam.log",
      StandardErrorPath: "/Users/app/rdsiam.log",
    })),
  );
});

Deno.test("an XML parser reads every task as it was meant, in UTF-8 and in UTF-16", async (t) => {
  if (await isMissing(t, "python3")) return;
  const texts = XML_SERVICES.map((service) =>
    formatScheduledTask(service, "PC\\Jürgen")
  );
  const read = await python(
    `import json, sys, xml.etree.ElementTree as x
n = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
def read(b):
    t = x.fromstring(b)
    return [t.find(f".//{n}{e}").text for e in ("Command", "WorkingDirectory", "UserId")]
print(json.dumps([read(t.encode(c)) for t in json.load(open(sys.argv[1])) for c in ("utf-8", "utf-16")]))`,
    texts,
  );
  assert.deepEqual(
    read,
    XML_SERVICES.flatMap(({ command: [program], folder }) => {
      const values = [program, folder, "PC\\Jürgen"];
      return [values, values];
    }),
  );
});
