import { RdsiamError } from "../../core/errors.ts";
import { AwsCallError } from "../../core/aws/call_error.ts";
import type { Clock } from "../../core/ports/clock.ts";
import {
  type DocumentChange,
  type IamIdentity,
  withoutStatements,
  withStatements,
} from "../../core/policy/attachment.ts";
import type { ConnectStatement } from "../../core/policy/document.ts";
import type { IdentitiesApi } from "../../core/policy/identities_api.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Reporter } from "../frame/output.ts";

/** What an inline policy of ours is called. */
export const INLINE_NAME = "rdsiam-connect";

/** How long IAM may take until a change counts, in milliseconds, and how often it is asked. */
const DEADLINE_MS = 60_000;
const ASK_EVERY_MS = 2_000;

/** What is given to whom, or taken back. */
export interface AttachRequest {
  identity: IamIdentity;
  /** A statement for each database. */
  statements: readonly ConnectStatement[];
  /** The account that the identity is in, and its partition. */
  account: string;
  partition: string;
  /** The name of a managed policy; an inline one without it. */
  managed: string | undefined;
  /** Whether a user that is not there is made. */
  create: boolean;
  isDetached: boolean;
}

/** What is to be done, in its order. */
interface AttachPlan {
  steps: { told: string; apply: () => Promise<void> }[];
}

/** What changing identities takes. */
export interface AttachPorts {
  api: IdentitiesApi;
  aws: Pick<AwsApis, "iam">;
  clock: Clock;
  reporter: Reporter;
}

/**
 * Plans what gives a policy to an identity, or takes it back.
 *
 * @throws {RdsiamError} `failed`, when the identity is not there or the policy would be too long
 * @throws {AwsCallError} when a call is refused
 */
export async function planAttach(
  request: AttachRequest,
  api: IdentitiesApi,
): Promise<AttachPlan> {
  const { identity, create, isDetached } = request;
  const steps: AttachPlan["steps"] = [];
  const isThere = await api.find(identity) !== undefined;
  if (!isThere) {
    const mayCreate = create && identity.kind === "user" && !isDetached;
    if (!mayCreate) throw missing(identity);
    steps.push({
      told: `IAM user "${identity.name}" would be made`,
      apply: async () => void await api.createUser(identity.name),
    });
  }
  steps.push(
    ...(request.managed === undefined
      ? await planInline(request, api, isThere)
      : await planManaged(request, request.managed, api)),
  );
  return { steps };
}

async function planInline(
  { identity, statements, isDetached }: AttachRequest,
  api: IdentitiesApi,
  isThere: boolean,
): Promise<AttachPlan["steps"]> {
  const old = isThere ? await api.readInline(identity, INLINE_NAME) : undefined;
  const change = (isDetached ? withoutStatements : withStatements)(
    old,
    statements,
  );
  if (isSame(change)) return [];
  checkSize(change, identity.kind === "user" ? 2048 : 10240);
  const where = `inline policy "${INLINE_NAME}" of ${nameOf(identity)}`;
  return [{
    told: `${where}:${told(change)}`,
    apply: () => api.writeInline(identity, INLINE_NAME, change.document),
  }];
}

async function planManaged(
  { identity, statements, account, partition, isDetached }: AttachRequest,
  name: string,
  api: IdentitiesApi,
): Promise<AttachPlan["steps"]> {
  const arn = `arn:${partition}:iam::${account}:policy/${name}`;
  const policy = await api.readManaged(identity, arn);
  if (isDetached) {
    return policy?.isAttached
      ? [{
        told: `managed policy "${name}" would be taken from ${
          nameOf(identity)
        }`,
        apply: () => api.detach(identity, arn),
      }]
      : [];
  }
  const change = withStatements(policy?.document, statements);
  const steps: AttachPlan["steps"] = [];
  const { document } = change;
  if (!isSame(change) && document !== undefined) {
    checkSize(change, 6144);
    steps.push({
      told: `managed policy "${name}":${told(change)}`,
      apply: () => api.writeManaged(arn, document, policy === undefined),
    });
  }
  if (!policy?.isAttached) {
    steps.push({
      told: `managed policy "${name}" would be given to ${nameOf(identity)}`,
      apply: () => api.attach(identity, arn),
    });
  }
  return steps;
}

/**
 * Waits until a simulation of the identity's policies allows what it was given: IAM takes some seconds.
 *
 * @throws {RdsiamError} `failed`, when it does not within a minute
 */
export async function untilAllowed(
  { identity, account, partition, statements }: AttachRequest,
  { aws, clock, reporter }: AttachPorts,
): Promise<void> {
  const callerArn = identity.kind === "user"
    ? `arn:${partition}:iam::${account}:user/${identity.name}`
    : `arn:${partition}:sts::${account}:assumed-role/${identity.name}/rdsiam`;
  const arns = statements.flatMap(({ Resource }) => Resource);
  const deadline = clock.now() + DEADLINE_MS;
  for (const resource of arns) {
    // With wildcards it names no resource.
    if (/[*?]|\$\{/.test(resource)) continue;
    while (true) {
      const request = { callerArn, action: "rds-db:connect", resource };
      try {
        const { decision } = await aws.iam.simulate(request);
        if (decision === "allowed") break;
      } catch (error) {
        if (!(error instanceof AwsCallError)) throw error;
        return reporter.warn(
          `Whether it counts yet is not known: ${error.message}`,
        );
      }
      if (clock.now() >= deadline) {
        throw new RdsiamError(
          "failed",
          `${
            nameOf(identity)
          } has the policy, and is not allowed ${resource} yet`,
          {
            hint:
              "A permissions boundary or the organization may deny it: rdsiam doctor tells",
          },
        );
      }
      await clock.sleep(ASK_EVERY_MS);
    }
  }
}

/** What to call an identity: `IAM user "jane"`. */
export function nameOf({ kind, name }: IamIdentity): string {
  return `IAM ${kind} "${name}"`;
}

function missing(identity: IamIdentity): RdsiamError {
  return new RdsiamError("failed", `${nameOf(identity)} is not there`, {
    hint: identity.kind === "user"
      ? "Check its name and account, or add --create to make it"
      : "Make the role first: who may assume it is for you to say",
  });
}

function checkSize({ document }: DocumentChange, limit: number) {
  const size = Array.from(JSON.stringify(document ?? "")).length;
  if (size <= limit) return;
  throw new RdsiamError(
    "failed",
    `The policy would have ${size} characters, and IAM takes ${limit}`,
    {
      hint: "Give it with --managed NAME, in several calls, or use --any-user",
    },
  );
}

function isSame({ added, removed }: DocumentChange): boolean {
  return added.length === 0 && removed.length === 0;
}

function told({ added, removed }: DocumentChange): string {
  return [
    ...added.map((arn) => `\n  + ${arn}`),
    ...removed.map((arn) => `\n  - ${arn}`),
  ].join("");
}
