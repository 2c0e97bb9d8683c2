import assert from "node:assert/strict";
import {
  guardWriter,
  pluginError,
} from "../../../adapters/writer/guarded_writer.ts";
import { RdsiamError } from "../../../core/errors.ts";
import { Secret } from "../../../core/secret.ts";
import {
  type Rendered,
  UnreadableText,
  type Writer,
} from "../../../core/writer/writer.ts";
import { fakeEntry } from "../../fakes.ts";
import {
  assertRdsiamError,
  assertRefuses,
  assertRefusesLater,
} from "../../rdsiam_error.ts";

const SOURCE = { name: "mine", path: "/plugins/mine.ts" };
const HINT = "Set RDSIAM_DEBUG=1 to see where, and tell its author";

function writer(parts: object = {}): Writer {
  return {
    name: "other",
    describe: {
      summary: "a file",
      clients: "a client",
      rereads: "start",
      holdsSecrets: true,
    },
    defaultPath: () => "/file",
    render: (entries, oldText) => ({ newText: oldText + entries.length }),
    remove: () => ({ newText: "", notices: ["gone"] }),
    ...parts,
  };
}

function failed(why: string) {
  return {
    kind: "failed" as const,
    message: `Writer "mine" of "/plugins/mine.ts" failed: ${why}`,
    hint: HINT,
  };
}

Deno.test("guardWriter() passes a writer's answers on, at once or later, under its own name", async () => {
  const guarded = guardWriter(
    writer({
      remove: () => Promise.resolve({ newText: "later" }),
      list: () => [{ name: "a", expiresAt: undefined }],
    }),
    SOURCE,
  );
  assert.equal(guarded.name, "mine");
  assert.equal(guarded.describe.summary, "a file");
  assert.equal(guarded.defaultPath({}, "linux"), "/file");
  assert.deepEqual(await guarded.render([fakeEntry()], "old"), {
    newText: "old1",
    notices: [],
  });
  assert.deepEqual(await guarded.remove(undefined, ""), {
    newText: "later",
    notices: [],
  });
  assert.deepEqual(guarded.list?.(""), [{ name: "a", expiresAt: undefined }]);
  assert.equal(guardWriter(writer(), SOURCE).list, undefined);
});

Deno.test("guardWriter() keeps what a class of writers knows of itself", async () => {
  class Counting {
    readonly describe = writer().describe;
    #text = "own";
    defaultPath() {
      return undefined;
    }
    render(): Rendered {
      return { newText: this.#text };
    }
    remove(): Rendered {
      return { newText: "" };
    }
  }
  const guarded = guardWriter(new Counting(), SOURCE);
  assert.equal((await guarded.render([], "")).newText, "own");
});

Deno.test("guardWriter() refuses what is no writer", () => {
  const why =
    "it makes no writer: describe, defaultPath(), render() and remove() are required";
  for (const value of [undefined, null, 1, {}, writer({ render: 1 })]) {
    assertRefuses(() => guardWriter(value, SOURCE), failed(why));
  }
  assertRefuses(
    () => guardWriter(writer({ describe: {} }), SOURCE),
    failed("its description has no texts summary and clients"),
  );
});

Deno.test("guardWriter() names the plugin when it throws, rejects or answers nonsense", async () => {
  const cases: [() => unknown, string][] = [
    [() => {
      throw new Error("boom\nsecond line");
    }, "boom"],
    [() => Promise.reject("text"), "text"],
    [() => undefined, "its answer is not an object"],
    [() => ({ newText: 1 }), "its answer has no text newText"],
  ];
  for (const [render, why] of cases) {
    const guarded = guardWriter(writer({ render, remove: render }), SOURCE);
    await assertRefusesLater(
      Promise.resolve(guarded.render([], "")),
      failed(why),
    );
    await assertRefusesLater(
      Promise.resolve(guarded.remove([], "")),
      failed(why),
    );
  }
});

Deno.test("guardWriter() waits only so long", async () => {
  const render = () => Promise.withResolvers<Rendered>().promise;
  const guarded = guardWriter(writer({ render }), SOURCE, 20);
  await assertRefusesLater(
    Promise.resolve(guarded.render([], "")),
    failed("it took longer than 0.02 s"),
  );
});

Deno.test("guardWriter() checks the path that a writer gives", () => {
  const wrong = guardWriter(writer({ defaultPath: () => 7 }), SOURCE);
  assertRefuses(
    () => wrong.defaultPath({}, "linux"),
    failed("its defaultPath() returns something that is not a path"),
  );
});

// security: plugin-shows-no-token
Deno.test("guardWriter() shows no token of an error or a notice, nor with RDSIAM_DEBUG", async () => {
  const entry = fakeEntry({ password: new Secret("very-secret-token") });
  const thrown = guardWriter(
    writer({
      render: ([{ password }]: [{ password: Secret }]) => {
        throw new Error(`cannot write ${password.reveal()}`);
      },
    }),
    SOURCE,
  );
  await assert.rejects(
    Promise.resolve(thrown.render([entry], "")),
    (error) => {
      assertRdsiamError(error, failed("cannot write [secret]"));
      assert.ok(!Deno.inspect(error).includes("very-secret"));
      return true;
    },
  );
  const noticing = guardWriter(
    writer({
      render: () => ({ newText: "", notices: ["x very-secret-token y"] }),
    }),
    SOURCE,
  );
  assert.deepEqual((await noticing.render([entry], "")).notices, [
    "x [secret] y",
  ]);
});

Deno.test("pluginError() takes a plugin's own UnreadableText for ours", () => {
  class Own extends Error {
    override name = "UnreadableText";
    line = 7;
  }
  const error = pluginError(new Own("no key"), SOURCE);
  assert.ok(error instanceof UnreadableText);
  assert.deepEqual([error.line, error.message], [7, "no key"]);
});

Deno.test("pluginError() tells what Deno says without its colours, and where with RDSIAM_DEBUG alone", () => {
  const error = pluginError(
    new TypeError("\x1b[0m\x1b[31mRequires\x1b[0m access\x07\n  at x"),
    SOURCE,
  );
  assertRdsiamError(error, failed("Requires access"));
  assert.ok(error instanceof RdsiamError && error.cause instanceof Error);
});

Deno.test("guardWriter() passes on what a writer has left out, and no token in it", async () => {
  const guarded = guardWriter(
    writer({
      render: () => ({
        newText: "",
        notices: ["not shop"],
        leftOut: ["shop", "token-1"],
      }),
    }),
    SOURCE,
  );
  const password = new Secret("token-1");
  const answer = await guarded.render([fakeEntry({ password })], "");
  assert.deepEqual(answer.notices, ["not shop"]);
  assert.equal(answer.leftOut?.[0], "shop");
  assert.doesNotMatch(answer.leftOut?.[1] ?? "", /token-1/);
});
