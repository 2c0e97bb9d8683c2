import assert from "node:assert/strict";
import definition from "../../deploy/ecs/task-definition.json" with {
  type: "json",
};
import { run, skip } from "../programs.ts";
import { DEPLOY, listenersOf, readProxyArguments } from "./files.ts";

const FILE = `${DEPLOY}ecs/task-definition.json`;

/** AWS's own model of its API, as its Python library checks what it is called with. */
const VALIDATE = `
import botocore.session, botocore.validate, json, sys
model = botocore.session.get_session().get_service_model("ecs")
shape = model.operation_model("RegisterTaskDefinition").input_shape
report = botocore.validate.ParamValidator().validate(json.load(open(sys.argv[1])), shape)
sys.exit(report.generate_report() or None)
`;

Deno.test("RegisterTaskDefinition takes deploy/ecs/task-definition.json", async (t) => {
  const python = "/usr/bin/python3";
  const found = await run(python, ["-c", "import botocore"]).catch(() => null);
  if (found?.code !== 0) return await skip(t, "botocore is not installed");
  const { code, output } = await run(python, ["-c", VALIDATE, FILE]);
  assert.deepEqual({ code, output }, { code: 0, output: "" });
});

Deno.test("the ECS task starts its application behind a proxy that is ready, and lets it drain", () => {
  const [proxy, application] = definition.containerDefinitions;
  const { settings, options } = readProxyArguments(proxy?.command ?? []);
  const [listener] = listenersOf(proxy?.command ?? []);
  assert.deepEqual(
    [listener?.address, listener?.needsPassword],
    [{ kind: "tcp", host: "127.0.0.1", port: 6432 }, true],
  );
  assert.equal(options.localPasswordFile, "/home/nonroot/password");
  assert.ok((proxy?.stopTimeout ?? 0) > settings.drainMs / 1000);
  const [kind, program, ...asked] = proxy?.healthCheck?.command ?? [];
  assert.deepEqual([kind, program], ["CMD", "/usr/local/bin/rdsiam"]);
  const health = readProxyArguments(asked);
  assert.equal(health.options.check, true);
  assert.deepEqual(health.settings.http, settings.http);
  assert.deepEqual(application?.dependsOn, [
    { containerName: "rdsiam", condition: "HEALTHY" },
  ]);
  assert.equal(application?.user, proxy?.user);
});
