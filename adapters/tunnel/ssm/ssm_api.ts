import type { AwsCaller } from "../../aws/client_config.ts";
import { type JsonCall, jsonCall } from "../../aws/json_call.ts";
import { Secret } from "../../../core/secret.ts";
import type { FarAddress } from "../../../core/tunnel/ports.ts";

/** A session of Systems Manager that was started. */
export interface StartedSession {
  id: string;
  /** Where its data channel is. */
  streamUrl: string;
  token: Secret;
}

/** The document that forwards a port of a host behind the instance (Systems Manager User Guide, "Port forwarding"). */
const DOCUMENT = "AWS-StartPortForwardingSessionToRemoteHost";

/** The input of StartSession. */
export function startInput(instance: string, { host, port }: FarAddress) {
  return {
    Target: instance,
    DocumentName: DOCUMENT,
    Parameters: { host: [host], portNumber: [String(port)] },
  };
}

/** What of Systems Manager and of ECS a tunnel needs. Every call may throw an `AwsCallError`. */
export class SsmApi {
  readonly #caller: AwsCaller;
  /** Where its calls go. */
  readonly region: string;

  /** Makes the API of whoever calls, in a region. */
  constructor(caller: AwsCaller, region: string) {
    this.#caller = caller;
    this.region = region;
  }

  /** Starts a session that forwards to an address. */
  async startSession(
    instance: string,
    address: FarAddress,
    signal: AbortSignal,
  ): Promise<StartedSession> {
    const answer = await this.#ssm(
      "StartSession",
      startInput(instance, address),
      signal,
    ) as SessionAnswer;
    return readSession(answer);
  }

  /** Gives a session whose channel was lost a new token; `undefined` when it has ended. */
  async resumeSession(
    id: string,
    signal: AbortSignal,
  ): Promise<StartedSession | undefined> {
    const answer = await this.#ssm(
      "ResumeSession",
      { SessionId: id },
      signal,
    ) as SessionAnswer;
    return answer.TokenValue ? readSession(answer) : undefined;
  }

  /** Ends a session. */
  async terminateSession(id: string, signal: AbortSignal): Promise<void> {
    await this.#ssm("TerminateSession", { SessionId: id }, signal);
  }

  /** The ids of instances that have a tag and are connected to Systems Manager now. */
  async findOnline(
    { key, value }: { key: string; value: string },
    signal: AbortSignal,
  ): Promise<string[]> {
    const answer = await this.#ssm("DescribeInstanceInformation", {
      Filters: [
        { Key: `tag:${key}`, Values: [value] },
        { Key: "PingStatus", Values: ["Online"] },
      ],
      MaxResults: 50,
    }, signal) as { InstanceInformationList?: { InstanceId?: string }[] };
    return (answer.InstanceInformationList ?? []).flatMap(({ InstanceId }) =>
      InstanceId ?? []
    ).sort();
  }

  /** The running tasks of a service, with whether and where Systems Manager reaches them. */
  async findTasks(
    cluster: string,
    service: string,
    signal: AbortSignal,
  ): Promise<EcsTask[]> {
    const { taskArns = [] } = await this.#ecs("ListTasks", {
      cluster,
      serviceName: service,
      desiredStatus: "RUNNING",
    }, signal) as { taskArns?: string[] };
    if (taskArns.length === 0) return [];
    const { tasks = [] } = await this.#ecs("DescribeTasks", {
      cluster,
      tasks: taskArns,
    }, signal) as { tasks?: TaskAnswer[] };
    return tasks.map(({ taskArn = "", enableExecuteCommand, containers }) => {
      const id = taskArn.split("/").at(-1) ?? "";
      const runtimeIds = (containers ?? []).flatMap((container) =>
        isReached(container) ? container.runtimeId ?? [] : []
      );
      return {
        isOpen: enableExecuteCommand === true,
        targets: runtimeIds.map((runtimeId) =>
          `ecs:${cluster}_${id}_${runtimeId}`
        ),
      };
    });
  }

  #ssm(operation: string, input: object, signal: AbortSignal) {
    return this.#call({
      service: "ssm",
      target: `AmazonSSM.${operation}`,
      action: `ssm:${operation}`,
      ...{ input, signal },
    });
  }

  #ecs(operation: string, input: object, signal: AbortSignal) {
    return this.#call({
      service: "ecs",
      target: `AmazonEC2ContainerServiceV20141113.${operation}`,
      action: `ecs:${operation}`,
      ...{ input, signal },
    });
  }

  #call(call: Omit<JsonCall, "region">): Promise<unknown> {
    return jsonCall(this.#caller, { ...call, region: this.region });
  }
}

/** A running task of a service. */
export interface EcsTask {
  /** Whether ECS Exec is on for it. */
  isOpen: boolean;
  /** What Systems Manager calls its containers that it reaches. */
  targets: string[];
}

interface SessionAnswer {
  SessionId?: string;
  StreamUrl?: string;
  TokenValue?: string;
}

interface TaskAnswer {
  taskArn?: string;
  enableExecuteCommand?: boolean;
  containers?: ContainerAnswer[];
}

interface ContainerAnswer {
  runtimeId?: string;
  managedAgents?: { name?: string; lastStatus?: string }[];
}

function isReached({ managedAgents = [] }: ContainerAnswer): boolean {
  return managedAgents.some(({ name, lastStatus }) =>
    name === "ExecuteCommandAgent" && lastStatus === "RUNNING"
  );
}

function readSession(
  { SessionId, StreamUrl, TokenValue }: SessionAnswer,
): StartedSession {
  return {
    id: SessionId ?? "",
    streamUrl: StreamUrl ?? "",
    token: new Secret(TokenValue ?? ""),
  };
}
