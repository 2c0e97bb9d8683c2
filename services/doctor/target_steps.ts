import { displayName } from "../../core/access/identifier.ts";
import { describeEndpoint } from "../../core/doctor/judge/endpoint.ts";
import { judgeRegion } from "../../core/doctor/judge/region.ts";
import { RdsiamError } from "../../core/errors.ts";
import { type Endpoint, parseEndpoint } from "../../core/target/endpoint.ts";
import type { DoctorPorts, DoctorRequest, ResolvedTarget } from "./ports.ts";
import { startStep, type Step } from "./step.ts";

/** The checks of what is asked for, which need nothing else. */
export interface TargetSteps {
  configuration: Step<ResolvedTarget>;
  region: Step<unknown>;
  endpoint: Step<Endpoint>;
}

const DEADLINE_MS = 15_000;

/** Starts the checks of the target itself. */
export function checkTarget(
  { words }: DoctorRequest,
  { clock, resolver, readTarget }: DoctorPorts,
): TargetSteps {
  function late(seconds: number) {
    return {
      status: "failed",
      kind: "failed",
      detail: `not read within ${seconds} s`,
    } as const;
  }
  const configuration = startStep("configuration", {
    needs: [],
    deadlineMs: DEADLINE_MS,
    late,
    async run() {
      const value = await readTarget();
      const { target: { username, database }, source } = value;
      const where = database === ""
        ? ""
        : `, database ${displayName(database)}`;
      const detail = `user ${displayName(username)}${where}, from ${source}`;
      return { finding: { status: "ok", detail }, value };
    },
  }, clock);
  const endpoint = startStep("endpoint", {
    needs: [configuration],
    deadlineMs: DEADLINE_MS,
    late,
    run([{ target, given }]) {
      const value = endpointOf(target.host);
      const finding = describeEndpoint(value, target, given.host?.value);
      return { finding, value };
    },
  }, clock);
  const region = startStep("region", {
    needs: [configuration],
    deadlineMs: DEADLINE_MS,
    late,
    async run([{ target, given }]) {
      const endpoint = endpointOf(target.host);
      const alias = endpoint.region === undefined
        ? await resolver.alias(target.host).catch(() => undefined)
        : undefined;
      const primary = alias === undefined ? undefined : parseEndpoint(alias);
      const finding = judgeRegion(target, endpoint, {
        given: given.region,
        primary,
        words,
      });
      return { finding };
    },
  }, clock);
  return { configuration, region, endpoint };
}

function endpointOf(host: string): Endpoint {
  const endpoint = parseEndpoint(host);
  if (endpoint !== undefined) return endpoint;
  throw new RdsiamError("usage", `Host "${host}" is not an RDS endpoint`);
}
