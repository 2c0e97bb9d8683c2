import assert from "node:assert/strict";
import type { PureWriter, WriterFactory } from "../../../core/writer/writer.ts";
import { readWriterOptions } from "../../../plugins/contract/writer_options.ts";
import { checkWriter } from "../../../plugins/contract/contract.ts";

/** A writer of lines `@NAME TOKEN`, with a fault. */
function faulty(fault: Partial<PureWriter>): WriterFactory {
  function without(names: readonly string[] | undefined, text: string) {
    return text.split("\n").filter((line) =>
      !line.startsWith("@") ||
      (names !== undefined &&
        !names.some((name) => line.startsWith(`@${name} `)))
    ).join("\n");
  }
  return (options) => {
    readWriterOptions(options, {});
    return {
      name: "lines",
      describe: {
        summary: "lines",
        clients: "none",
        rereads: "start",
        holdsSecrets: true,
      },
      defaultPath: () => undefined,
      render: (entries, oldText) => ({
        newText: without(entries.map(({ name }) => name), oldText) +
          entries.map(({ name, password }) => `@${name} ${password.reveal()}\n`)
            .join(""),
      }),
      remove: (names, oldText) => ({ newText: without(names, oldText) }),
      list: (oldText) =>
        oldText.split("\n").filter((line) => line.startsWith("@")).map(
          (line) => ({
            name: line.slice(1).split(" ")[0] ?? "",
            expiresAt: undefined,
          }),
        ),
      ...fault,
    };
  };
}

Deno.test("checkWriter() accepts a writer of a few lines", async () => {
  await assert.doesNotReject(checkWriter(faulty({})));
});

Deno.test("checkWriter() accepts a writer that refuses tunnels, when told so", async () => {
  const factory = faulty({
    render(entries, oldText) {
      if (entries.some(({ connect }) => connect)) throw new Error("No tunnels");
      return { newText: healthyRender(entries, oldText) };
    },
  });
  await assert.doesNotReject(checkWriter(factory, { direct: true }));
  await assert.rejects(
    checkWriter(factory),
    /Writer "lines": it refuses what it should take: Error: No tunnels/,
  );
});

Deno.test("checkWriter() finds that line ends are mixed", async () => {
  await assert.rejects(
    checkWriter(faulty({}), { foreign: ["mine\n"] }),
    /Writer "lines": lines of a file with CRLF end in LF/,
  );
});

const healthy = faulty({})();

for (
  const [fault, message] of [
    [
      { name: "My Writer" },
      'name "My Writer" is not of small letters and digits with single hyphens',
    ],
    [
      { describe: { ...healthy.describe, summary: "" } },
      "describe.summary is not one line of text",
    ],
    [
      { defaultPath: () => "" },
      "defaultPath() gives neither a path nor undefined on linux",
    ],
    [
      { describe: { ...healthy.describe, holdsSecrets: false } },
      "a file that holds no secrets has a token",
    ],
    [
      { render: () => ({ newText: "\n" }) },
      "a token is not in the file",
    ],
    [
      {
        render: (entries, oldText) => ({
          newText: oldText +
            healthyRender(entries, ""),
        }),
      },
      "the same entries once more change an empty file",
    ],
    [
      {
        render: (entries, oldText) => ({
          newText: healthyRender(entries, oldText),
          notices: entries.map(({ password }) => password.reveal()),
        }),
      },
      "a notice holds a token",
    ],
    [
      {
        render: (entries, oldText) => ({
          newText: healthyRender(
            entries,
            oldText.replaceAll(/@.*\n/g, ""),
          ),
        }),
      },
      "render() of one target takes another's entry out",
    ],
    [
      { remove: () => ({ newText: "left\n" }) },
      "list() does not tell the targets that are in the file: none instead of billing",
    ],
    [
      {
        render(entries, oldText) {
          if (oldText.startsWith("\0")) {
            throw new Error(`cannot write ${entries[0]?.password.reveal()}`);
          }
          return { newText: healthyRender(entries, oldText) };
        },
      },
      "an error holds a token",
    ],
  ] as [Partial<PureWriter>, string][]
) {
  Deno.test(`checkWriter() finds that ${message}`, async () => {
    await assert.rejects(
      checkWriter(faulty(fault)),
      (error: Error) =>
        error.message === `Writer "${fault.name ?? "lines"}": ${message}`,
    );
  });
}

Deno.test("checkWriter() finds that an unknown option is taken", async () => {
  await assert.rejects(
    checkWriter(() => faulty({})()),
    /an option that is not known is not refused/,
  );
});

function healthyRender(
  entries: Parameters<PureWriter["render"]>[0],
  oldText: string,
): string {
  return (healthy as PureWriter).render(entries, oldText).newText;
}
