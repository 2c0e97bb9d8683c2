import { TunnelError } from "../../../core/tunnel/fault.ts";
import {
  type EcsTunnelSpec,
  formatTunnel,
  type SsmTunnelSpec,
} from "../../../core/target/tunnel_spec.ts";
import type { SsmApi } from "./ssm_api.ts";

/**
 * What Systems Manager calls the instance or the container of a tunnel; of several, the first by name.
 *
 * @throws {TunnelError} when there is none that it reaches
 * @throws {AwsCallError} when a call fails
 */
export async function findInstance(
  spec: SsmTunnelSpec | EcsTunnelSpec,
  api: SsmApi,
  signal: AbortSignal,
): Promise<string> {
  if (spec.kind === "ecs") return await findContainer(spec, api, signal);
  if ("id" in spec.instance) return spec.instance.id;
  const { key, value } = spec.instance.tag;
  const [first] = await api.findOnline({ key, value }, signal);
  if (first !== undefined) return first;
  throw new TunnelError(formatTunnel(spec), {
    reason: "not-found",
    why:
      `no instance in ${api.region} with tag ${key}=${value} is online in Systems Manager`,
    hint:
      "aws ssm describe-instance-information lists those that are: they need the SSM agent and the policy AmazonSSMManagedInstanceCore",
  });
}

async function findContainer(
  spec: EcsTunnelSpec,
  api: SsmApi,
  signal: AbortSignal,
): Promise<string> {
  const { cluster, service } = spec;
  const tasks = await api.findTasks(cluster, service, signal);
  const [first] = tasks.flatMap(({ targets }) => targets).sort();
  if (first !== undefined) return first;
  const [why, hint] = tasks.length === 0
    ? [
      `service "${service}" of cluster "${cluster}" has no running task in ${api.region}`,
      `aws ecs list-services --cluster ${cluster}`,
    ]
    : tasks.some(({ isOpen }) => isOpen)
    ? [
      "ECS Exec's agent runs in no task of the service",
      "The task role needs ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel",
    ]
    : [
      "ECS Exec is off for the service's tasks",
      `aws ecs update-service --cluster ${cluster} --service ${service} --enable-execute-command --force-new-deployment`,
    ];
  throw new TunnelError(formatTunnel(spec), { reason: "not-found", why, hint });
}
