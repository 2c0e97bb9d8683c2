import type { EngineName } from "../../engine/engine.ts";
import { nearest } from "../../text/nearest.ts";
import type { FoundDatabase, RdsInventory } from "../../rds/database.ts";
import type { Target } from "../../target/target.ts";
import type { Finding } from "../check.ts";
import { commandFor, type TargetWords } from "../command.ts";

/** What RDS knows of a target's database, held against the target. */
export function judgeDatabase(
  { database, endpoint }: FoundDatabase,
  { port, engine }: Target,
  words: TargetWords,
): Finding {
  const { kind, name, iam, status, rdsEngine, engineVersion } = database;
  const what = `${kind} "${name}"`;
  if (isOtherFamily(database.engine, engine)) {
    return {
      status: "suspect",
      kind: "usage",
      detail: `${what} is ${rdsEngine}, and the target says ${engine}`,
      remedy: commandFor(["doctor"], words, {
        changes: { engine: database.engine },
      }),
      explains: ["tcp", "tls", "token", "password", "refused"],
    };
  }
  if (endpoint.port !== port) {
    return {
      status: "suspect",
      kind: "refused",
      detail:
        `${what} listens on port ${endpoint.port}, and tokens are signed for ${port}`,
      remedy: commandFor(["doctor"], words, {
        changes: { port: `${endpoint.port}` },
      }),
      explains: ["tcp", "token"],
    };
  }
  if (/^(stopp|start|creat|delet|fail|inaccessible)/.test(status)) {
    return {
      status: "suspect",
      kind: "unreachable",
      detail: `${what} is ${status}`,
      remedy: status === "stopped" ? startCommand(database) : undefined,
      explains: ["dns", "tcp", "tls"],
    };
  }
  if (iam !== "on") {
    return {
      status: "suspect",
      kind: "refused",
      detail: iam === "unsupported"
        ? `${what} cannot take tokens: ${rdsEngine} knows no IAM authentication`
        : iam === "off"
        ? `IAM authentication is off for ${what}`
        : `IAM authentication is ${iam} for ${what}`,
      remedy: iam === "off"
        ? commandFor(["policy"], words, { rest: ["--enable"] })
        : iam === "turning on"
        ? "Try again in a minute"
        : undefined,
      explains: ["password"],
    };
  }
  const version = engineVersion === undefined ? "" : ` ${engineVersion}`;
  return {
    status: "ok",
    detail: `${what}, ${rdsEngine}${version}, IAM authentication on`,
  };
}

/** Clients of MySQL and MariaDB get along with the other's servers. */
function isOtherFamily(
  found: EngineName | undefined,
  wanted: EngineName,
): found is EngineName {
  return found !== undefined &&
    (found === "postgres") !== (wanted === "postgres");
}

/** That no database of the account has this endpoint. */
export function unknownDatabase(
  { databases, failures }: Pick<RdsInventory, "databases" | "failures">,
  { host, region }: Target,
  words: TargetWords,
): Finding {
  if (failures.length > 0) {
    return {
      status: "skipped",
      detail: `not found, and not all may be looked at: ${
        failures[0]?.message ?? ""
      }`,
    };
  }
  const hosts = databases.flatMap(({ endpoints }) =>
    endpoints.map(({ host }) => host)
  );
  const meant = similarHost(host, hosts);
  return {
    status: "suspect",
    kind: "refused",
    detail: `no database of this account in ${region} has this endpoint${
      meant === undefined ? "" : `; "${meant}" is there`
    }`,
    remedy: meant === undefined
      ? `rdsiam targets discover --region ${region}`
      : commandFor(["doctor"], words, { changes: { host: meant } }),
    explains: ["dns", "tcp", "token"],
  };
}

/** The host that was meant: of the same database's name, else of the nearest one. */
function similarHost(
  host: string,
  hosts: readonly string[],
): string | undefined {
  const name = labelOf(host);
  const same = hosts.find((one) => labelOf(one) === name);
  if (same !== undefined) return same;
  const label = nearest(name, hosts.map(labelOf));
  return hosts.find((one) => labelOf(one) === label);
}

function labelOf(host: string): string {
  return host.split(".")[0] ?? "";
}

function startCommand({ kind, name, region }: FoundDatabase["database"]) {
  const [action, option] = kind === "cluster"
    ? ["start-db-cluster", "--db-cluster-identifier"]
    : ["start-db-instance", "--db-instance-identifier"];
  return `aws rds ${action} ${option} ${name} --region ${region}`;
}
