import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { Deployment } from "kubernetes-types/apps/v1";
import { loadConfig } from "../../adapters/config/config_files.ts";
import { temporaryFolder } from "../adapters/temporary_folder.ts";
import { isMissing, run } from "../programs.ts";
import { DEPLOY, listenersOf, readProxyArguments, readYaml } from "./files.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The types of Kubernetes' API by `kind`. */
const TYPES: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  Service: "core/v1",
  ServiceAccount: "core/v1",
  ConfigMap: "core/v1",
};

async function readDeployment(folder: string) {
  const [deployment] = await readYaml(`kubernetes/${folder}/deployment.yaml`);
  const { spec } = (deployment as Deployment).spec?.template ?? {};
  assert.ok(spec);
  const containers = [...spec.initContainers ?? [], ...spec.containers];
  const proxy = containers.find(({ name }) => name === "rdsiam");
  assert.ok(proxy);
  const { settings } = readProxyArguments(proxy.args ?? []);
  return { spec, proxy, settings, listeners: listenersOf(proxy.args ?? []) };
}

for (const folder of ["sidecar", "standalone"]) {
  Deno.test(`kustomize builds deploy/kubernetes/${folder} into what Kubernetes' types allow`, async (t) => {
    if (await isMissing(t, "kubectl")) return;
    const path = `${DEPLOY}kubernetes/${folder}`;
    const { code, output } = await run("kubectl", ["kustomize", path]);
    assert.equal(code, 0, output);
    await using temporary = await temporaryFolder();
    const built = `${temporary.path}/built.yaml`;
    await Deno.writeTextFile(built, output);
    const objects = await readYaml(built) as { kind: string }[];
    assert.ok(objects.length >= 3);
    // A literal may have no property that its type does not know, which the schemas of Kubernetes let pass.
    const lines = objects.map((object, index) => {
      const { kind } = object;
      assert.ok(TYPES[kind], kind);
      const type = `import("kubernetes-types/${TYPES[kind]}").${kind}`;
      return `export const o${index}: ${type} = ${JSON.stringify(object)};\n`;
    });
    const check = ["check", "--quiet", "--config", `${ROOT}deno.json`];
    const source = `${temporary.path}/objects.ts`;
    await Deno.writeTextFile(source, lines.join(""));
    const checked = await run(Deno.execPath(), [...check, source]);
    assert.equal(checked.code, 0, checked.output);
  });

  Deno.test(`deploy/kubernetes/${folder} runs the proxy without root, with time to drain`, async () => {
    const { spec, proxy, settings } = await readDeployment(folder);
    assert.equal(spec.securityContext?.runAsNonRoot, true);
    assert.equal(spec.securityContext?.seccompProfile?.type, "RuntimeDefault");
    assert.deepEqual(proxy.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const waits = proxy.lifecycle?.preStop?.sleep?.seconds ?? 0;
    const grace = spec.terminationGracePeriodSeconds ?? 30;
    assert.ok(grace > waits + settings.drainMs / 1000);
    const config = `${DEPLOY}kubernetes/${folder}/rdsiam.toml`;
    const { targets } = await loadConfig(config, {});
    assert.deepEqual([...targets.keys()], ["orders"]);
    const port = settings.http?.port;
    const { ports = [] } = proxy;
    for (
      const name of ["startupProbe", "readinessProbe", "livenessProbe"] as const
    ) {
      const { port: asked, path = "" } = proxy[name]?.httpGet ?? {};
      const found = ports.find(({ name }) => name === asked);
      assert.equal(found?.containerPort, port);
      assert.match(path, /^\/(readyz|livez)$/);
    }
    const mounted = (proxy.volumeMounts ?? []).map(({ name }) => name);
    const volumes = (spec.volumes ?? []).map(({ name }) => name);
    assert.deepEqual(mounted.toSorted(), volumes.toSorted());
  });
}

Deno.test("the sidecar lets in by a socket in memory, of the application's own user", async () => {
  const { spec, proxy, listeners } = await readDeployment("sidecar");
  assert.deepEqual(
    listeners.map(({ address, needsPassword }) => [address, needsPassword]),
    [[{ kind: "unix", path: "/run/rdsiam/.s.PGSQL.5432" }, false]],
  );
  assert.equal(proxy.restartPolicy, "Always");
  const volume = spec.volumes?.find(({ name }) => name === "rdsiam-socket");
  assert.equal(volume?.emptyDir?.medium, "Memory");
  const [application] = spec.containers;
  assert.equal(application?.securityContext?.runAsUser, undefined);
  assert.equal(spec.securityContext?.runAsUser, 65532);
});

Deno.test("the standalone proxy listens beyond its pod with a password and TLS", async () => {
  const { spec, settings, listeners } = await readDeployment("standalone");
  const [listener] = listeners;
  assert.deepEqual(
    [listener?.address, listener?.needsPassword],
    [{ kind: "tcp", host: "0.0.0.0", port: 6432 }, true],
  );
  assert.equal(settings.localAuth, "password");
  assert.ok(settings.tls);
  const login = spec.volumes?.find(({ name }) => name === "login");
  assert.equal(login?.secret?.defaultMode, 0o400);
});
