import type { Target } from "../../../core/target/target.ts";
import type { Rendered, Writer } from "../../../core/writer/writer.ts";
import type { SyncJob } from "../../../services/sync/job.ts";
import { Sync, type SyncPorts } from "../../../services/sync/sync.ts";
import { TokenSource } from "../../../services/token/token_source.ts";
import {
  FakeClock,
  FakeFiles,
  FakeShell,
  FakeSigner,
  fakeTarget,
} from "../../fakes.ts";

/** A writer of `name=password` lines; it keeps lines of other names. */
export function fakeWriter(changes: Partial<Writer> = {}): Writer {
  function without(names: readonly string[], text: string): string[] {
    return text.split("\n").filter((line) =>
      line !== "" && !names.includes(line.split("=")[0] ?? "")
    );
  }
  function rendered(lines: readonly string[]): Rendered {
    return { newText: lines.map((line) => `${line}\n`).join("") };
  }
  return {
    name: "fake",
    describe: {
      summary: "a file",
      clients: "nobody",
      rereads: "connection",
      holdsSecrets: true,
    },
    defaultPath: () => "/home/app/fake",
    render(entries, oldText) {
      const names = entries.map(({ name }) => name);
      return rendered([
        ...without(names, oldText),
        ...entries.map((entry) => `${entry.name}=${entry.password.reveal()}`),
      ]);
    },
    remove(names, oldText) {
      return rendered(names === undefined ? [] : without(names, oldText));
    },
    ...changes,
  };
}

/** A fake writer whose files hold no secrets. */
export function staticWriter(): Writer {
  const writer = fakeWriter({ name: "static" });
  return { ...writer, describe: { ...writer.describe, holdsSecrets: false } };
}

/** A job of the fake writer for targets of these names. */
export function fakeJob(
  names: readonly string[],
  changes: Partial<SyncJob> = {},
): SyncJob {
  return {
    writer: fakeWriter(),
    destination: { kind: "file", path: "/f" },
    targets: names.map((name) => ({ name, target: namedTarget(name) })),
    ...changes,
  };
}

function namedTarget(name: string): Target {
  return fakeTarget({ username: name });
}

/** A sync among fakes. */
export function syncFixture() {
  const clock = new FakeClock();
  const signer = new FakeSigner(clock);
  const files = new FakeFiles();
  const shell = new FakeShell();
  const printed: string[] = [];
  let rootsProvided = 0;
  const ports: SyncPorts = {
    tokens: new TokenSource({ signer, clock }),
    clock,
    files,
    shell,
    places: { roots: "/roots.pem", passfile: "/pgpass", rdsiam: ["/rdsiam"] },
    provideRoots() {
      rootsProvided++;
      return Promise.resolve();
    },
    print: (text) => printed.push(text),
  };
  return {
    clock,
    signer,
    files,
    shell,
    printed,
    ports,
    rootsProvided: () => rootsProvided,
    sync: new Sync(ports),
  };
}
