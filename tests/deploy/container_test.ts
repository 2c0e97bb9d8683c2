import assert from "node:assert/strict";
import definition from "../../deploy/ecs/task-definition.json" with {
  type: "json",
};
import { DEPLOY } from "./files.ts";

Deno.test("the container runs the compiled binary, as the user that the pods and tasks name", async () => {
  const text = await Deno.readTextFile(`${DEPLOY}container/Containerfile`);
  const lines = text.split("\n");
  const [proxy] = definition.containerDefinitions;
  assert.ok(lines.includes(`USER ${proxy?.user}`));
  const [mount] = proxy?.mountPoints ?? [];
  assert.ok(lines.includes(`VOLUME ["${mount?.containerPath}"]`));
  const program = proxy?.healthCheck?.command[1];
  assert.ok(lines.includes(`ENTRYPOINT ["${program}"]`));
  assert.ok(
    lines.includes(
      `COPY --chmod=0755 dist/image/\${TARGETARCH}/rdsiam ${program}`,
    ),
  );
});
