/** Stand-ins for the AWS APIs. They need no permissions. */
import { AwsCallError } from "../core/aws/call_error.ts";
import type { AwsApis } from "../core/rds/aws_apis.ts";
import type { IamApi, PolicySimulation } from "../core/policy/iam_api.ts";
import type { RdsApi } from "../core/rds/rds_api.ts";
import type { StsApi } from "../core/aws/sts_api.ts";
import type { CallerIdentity } from "../core/aws/caller.ts";
import type {
  FoundDatabase,
  RdsCluster,
  RdsDatabase,
  RdsInstance,
  RdsInventory,
  RdsProxy,
} from "../core/rds/database.ts";
import { findEndpoint } from "../core/rds/find_endpoint.ts";

/** The account and the region that the databases here are in. */
export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";

const COMMON = {
  partition: "aws",
  region: REGION,
  account: ACCOUNT,
  rdsEngine: "postgres",
  engine: "postgres",
  engineVersion: "16.4",
  iam: "on",
  status: "available",
  masterUsername: "postgres",
  network: { vpcId: "vpc-1", securityGroups: ["sg-1"], isPublic: false },
} as const;

/** An instance of PostgreSQL that stands alone, with IAM authentication on, unless it is said otherwise. */
export function instance(
  name: string,
  changes: Partial<RdsInstance> = {},
): RdsInstance {
  const host = `${name}.abcdefghijkl.${REGION}.rds.amazonaws.com`;
  return {
    ...COMMON,
    kind: "instance",
    name,
    arn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:${name}`,
    resourceId: `db-${name.toUpperCase()}`,
    endpoints: [{ role: "instance", host, port: 5432 }],
    certificateAuthority: "rds-ca-rsa2048-g1",
    ...changes,
  };
}

/** An Aurora PostgreSQL cluster with a writer and a reader endpoint. */
export function cluster(
  name: string,
  changes: Partial<RdsCluster> = {},
): RdsCluster {
  const domain = `abcdefghijkl.${REGION}.rds.amazonaws.com`;
  return {
    ...COMMON,
    rdsEngine: "aurora-postgresql",
    kind: "cluster",
    name,
    arn: `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:${name}`,
    resourceId: `cluster-${name.toUpperCase()}`,
    endpoints: [
      { role: "writer", host: `${name}.cluster-${domain}`, port: 5432 },
      { role: "reader", host: `${name}.cluster-ro-${domain}`, port: 5432 },
    ],
    members: [],
    network: { securityGroups: ["sg-1"] },
    ...changes,
  };
}

/** A proxy for PostgreSQL that requires tokens. */
export function proxy(name: string, changes: Partial<RdsProxy> = {}): RdsProxy {
  const host = `${name}.proxy-abcdefghijkl.${REGION}.rds.amazonaws.com`;
  const { engineVersion: _, masterUsername: __, ...common } = COMMON;
  return {
    ...common,
    rdsEngine: "POSTGRESQL",
    kind: "proxy",
    name,
    arn: `arn:aws:rds:${REGION}:${ACCOUNT}:db-proxy:prx-${name}`,
    resourceId: `prx-${name}`,
    endpoints: [{ role: "writer", host, port: 5432 }],
    network: { vpcId: "vpc-1", securityGroups: ["sg-1"] },
    requiresTls: true,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/proxy`,
    isEndToEndIam: false,
    logins: [{ iam: "required" }],
    ...changes,
  };
}

/** What AWS says to somebody who may not do this. */
export function denied(action: string): AwsCallError {
  return new AwsCallError(action, "denied", `AWS denied ${action}`, {
    code: "AccessDenied",
  });
}

/**
 * RDS with these databases. Turning IAM authentication on takes as many calls of `read` as `readsUntilOn` says;
 * actions in `errors` fail with what stands there.
 */
export class FakeRds implements RdsApi {
  readonly calls: string[] = [];
  readonly errors: Record<string, AwsCallError> = {};
  readsUntilOn = 1;
  readonly #databases: RdsDatabase[];

  constructor(databases: readonly RdsDatabase[]) {
    this.#databases = [...databases];
  }

  list(region: string): Promise<RdsInventory> {
    this.calls.push(`list ${region}`);
    const databases = this.#databases.filter((one) => one.region === region);
    return Promise.resolve({
      region,
      databases,
      failures: Object.values(this.errors),
    });
  }

  // deno-lint-ignore require-await
  async find(host: string, region: string): Promise<FoundDatabase | undefined> {
    this.calls.push(`find ${host} ${region}`);
    this.#check("rds:Describe");
    return findEndpoint(this.#databases, host);
  }

  // deno-lint-ignore require-await
  async read({ arn }: RdsDatabase): Promise<RdsDatabase | undefined> {
    this.calls.push(`read ${arn}`);
    this.#check("rds:Describe");
    const at = this.#databases.findIndex((one) => one.arn === arn);
    const database = this.#databases[at];
    if (database?.iam === "turning on" && --this.readsUntilOn <= 0) {
      this.#databases[at] = { ...database, iam: "on" };
    }
    return this.#databases[at];
  }

  /** What stands behind each proxy. */
  readonly targets: Record<string, RdsDatabase[]> = {};

  behind({ name }: RdsProxy): Promise<readonly RdsDatabase[]> {
    this.calls.push(`behind ${name}`);
    return Promise.resolve(this.targets[name] ?? []);
  }

  // deno-lint-ignore require-await
  async turnOnIam({ arn, kind }: RdsInstance | RdsCluster): Promise<void> {
    this.calls.push(`turnOnIam ${arn}`);
    this.#check(
      kind === "cluster" ? "rds:ModifyDBCluster" : "rds:ModifyDBInstance",
    );
    const at = this.#databases.findIndex((one) => one.arn === arn);
    const database = this.#databases[at];
    if (database) this.#databases[at] = { ...database, iam: "turning on" };
  }

  #check(action: string) {
    for (const [name, error] of Object.entries(this.errors)) {
      if (name.startsWith(action)) throw error;
    }
  }
}

/** STS that knows one caller, or refuses with an error that is put in its place. */
export class FakeSts implements StsApi {
  answer: CallerIdentity | AwsCallError = {
    account: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/app/session`,
    userId: "AROAEXAMPLE:session",
    serverTime: undefined,
  };

  // deno-lint-ignore require-await
  async identity(): Promise<CallerIdentity> {
    if (this.answer instanceof AwsCallError) throw this.answer;
    return this.answer;
  }
}

/** IAM that gives one answer, or refuses with an error that is put in its place. */
export class FakeIam implements IamApi {
  readonly requests: { callerArn: string; action: string; resource: string }[] =
    [];
  answer: PolicySimulation | AwsCallError = {
    decision: "allowed",
    principal: `arn:aws:iam::${ACCOUNT}:role/app`,
  };

  // deno-lint-ignore require-await
  async simulate(
    request: { callerArn: string; action: string; resource: string },
  ): Promise<PolicySimulation> {
    this.requests.push(request);
    if (this.answer instanceof AwsCallError) throw this.answer;
    return this.answer;
  }
}

/** All three, RDS with these databases. */
export function fakeAws(
  databases: readonly RdsDatabase[] = [],
): AwsApis & { rds: FakeRds; sts: FakeSts; iam: FakeIam } {
  return {
    rds: new FakeRds(databases),
    sts: new FakeSts(),
    iam: new FakeIam(),
    identities: () => Promise.reject(new Error("No identities here")),
    organizations: { accounts: () => Promise.resolve([ACCOUNT]) },
    time: () => undefined,
  };
}
