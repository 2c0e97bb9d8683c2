import { TunnelError } from "../../../core/tunnel/fault.ts";
import {
  type EcsWay,
  formatTunnel,
  type SsmWay,
} from "../../../core/target/tunnel_way.ts";
import type { SsmApi } from "./ssm_api.ts";

/**
 * What Systems Manager calls the instance or the container of a way; of several, the first by name.
 *
 * @throws {TunnelError} when there is none that it reaches
 * @throws {AwsCallError} when a call fails
 */
export async function findInstance(
  way: SsmWay | EcsWay,
  api: SsmApi,
  signal: AbortSignal,
): Promise<string> {
  if (way.kind === "ecs") return await findContainer(way, api, signal);
  if ("id" in way.instance) return way.instance.id;
  const { key, value } = way.instance.tag;
  const [first] = await api.findOnline({ key, value }, signal);
  if (first !== undefined) return first;
  throw new TunnelError(formatTunnel(way), {
    reason: "not-found",
    why:
      `no instance in ${api.region} with tag ${key}=${value} is online in Systems Manager`,
    hint:
      "aws ssm describe-instance-information lists those that are: they need the SSM agent and the policy AmazonSSMManagedInstanceCore",
  });
}

async function findContainer(
  way: EcsWay,
  api: SsmApi,
  signal: AbortSignal,
): Promise<string> {
  const { cluster, service } = way;
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
  throw new TunnelError(formatTunnel(way), { reason: "not-found", why, hint });
}
