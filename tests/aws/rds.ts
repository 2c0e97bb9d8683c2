import type {
  RdsCluster,
  RdsDatabase,
  RdsInstance,
  RdsProxy,
} from "../../core/rds/database.ts";
import {
  clusterEndpointsXml,
  clusterXml,
  globalsXml,
  instanceXml,
  proxyEndpointsXml,
  proxyXml,
} from "./rds_wire.ts";
import { Refusal } from "./refusal.ts";
import type { XmlValue } from "./xml.ts";

/** A call of the query API: its parameters and the region that it is signed for. */
export interface QueryCall {
  action: string;
  region: string;
  parameters: URLSearchParams;
  /** The account of a role's key; none for the key of whoever calls. */
  account?: string;
}

interface Row {
  name: string;
  xml: XmlValue;
}

/** The RDS API over databases that tests may change at any time. */
export class RdsService {
  /** In whatever regions they are. */
  databases: RdsDatabase[];
  /** How many rows a page has at most. */
  pageSize = 100;
  /** How often a database is described as turning on before IAM authentication is on. */
  readsUntilOn = 1;

  constructor(databases: readonly RdsDatabase[]) {
    this.databases = [...databases];
  }

  /** The result of a call; `undefined` for an action that it does not know. */
  answer(call: QueryCall): XmlValue {
    const { parameters } = call;
    const clusters = this.#in(call, "cluster");
    switch (call.action) {
      case "DescribeDBInstances":
        return this.#page(call, "DBInstances", "DBInstance", {
          rows: this.#in(call, "instance")
            .map((one) => ({ name: one.name, xml: instanceXml(one) })),
          wanted: parameters.get("DBInstanceIdentifier"),
          missing: ["DBInstanceNotFound", "DBInstance"],
        });
      case "DescribeDBClusters":
        return this.#page(call, "DBClusters", "DBCluster", {
          rows: clusters
            .map((one) => ({ name: one.name, xml: clusterXml(one) })),
          wanted: parameters.get("DBClusterIdentifier"),
          missing: ["DBClusterNotFoundFault", "DBCluster"],
        });
      case "DescribeDBClusterEndpoints":
        return this.#page(call, "DBClusterEndpoints", "DBClusterEndpointList", {
          rows: clusters.flatMap(clusterEndpointsXml),
          wanted: parameters.get("DBClusterEndpointIdentifier"),
          missing: ["DBClusterEndpointNotFoundFault", "DBClusterEndpoint"],
        });
      case "DescribeDBProxies":
        return this.#page(call, "DBProxies", "member", {
          rows: this.#in(call, "proxy")
            .map((one) => ({ name: one.name, xml: proxyXml(one) })),
          wanted: parameters.get("DBProxyName"),
          missing: ["DBProxyNotFoundFault", "DBProxy"],
        });
      case "DescribeDBProxyEndpoints": {
        const proxy = parameters.get("DBProxyName");
        return this.#page(call, "DBProxyEndpoints", "member", {
          rows: this.#in(call, "proxy")
            .filter(({ name }) => proxy === null || name === proxy)
            .flatMap(proxyEndpointsXml),
          wanted: parameters.get("DBProxyEndpointName"),
          missing: ["DBProxyEndpointNotFoundFault", "DBProxyEndpoint"],
        });
      }
      case "DescribeGlobalClusters": {
        // Every region of a member tells of the whole.
        const names = clusters.map(({ global }) => global?.name);
        const all = this.databases.filter((one) => one.kind === "cluster");
        return this.#page(call, "GlobalClusters", "GlobalClusterMember", {
          rows: globalsXml(all).filter(({ name }) => names.includes(name)),
          wanted: parameters.get("GlobalClusterIdentifier"),
          missing: ["GlobalClusterNotFoundFault", "Global cluster"],
        });
      }
      case "ModifyDBInstance":
        return { DBInstance: instanceXml(this.#modify(call, "instance")) };
      case "ModifyDBCluster":
        return { DBCluster: clusterXml(this.#modify(call, "cluster")) };
      default:
        return undefined;
    }
  }

  #in(call: QueryCall, kind: "instance"): RdsInstance[];
  #in(call: QueryCall, kind: "cluster"): RdsCluster[];
  #in(call: QueryCall, kind: "proxy"): RdsProxy[];
  #in({ region, account }: QueryCall, kind: string): RdsDatabase[] {
    return this.databases.filter((one) =>
      one.region === region && one.kind === kind &&
      (account === undefined || one.account === account)
    );
  }

  #page(
    { parameters }: QueryCall,
    list: string,
    item: string,
    { rows, wanted, missing: [code, word] }: {
      rows: readonly Row[];
      wanted: string | null;
      missing: readonly [code: string, word: string];
    },
  ): XmlValue {
    const found = wanted === null
      ? rows
      : rows.filter(({ name }) => name === wanted.toLowerCase());
    if (wanted !== null && found.length === 0) {
      throw new Refusal(code, `${word} ${wanted} not found.`, 404);
    }
    const start = Number(parameters.get("Marker") ?? 0);
    const end = start + this.pageSize;
    const page = found.slice(start, end);
    this.#passTime(new Set(page.map(({ name }) => name)));
    return {
      Marker: end < found.length ? `${end}` : undefined,
      [list]: { [item]: page.map(({ xml }) => xml) },
    };
  }

  /** What is read as turning on is on after so many reads. */
  #passTime(names: ReadonlySet<string>) {
    this.databases = this.databases.map((one) => {
      if (one.iam !== "turning on" || !names.has(one.name)) return one;
      return --this.readsUntilOn > 0 ? one : { ...one, iam: "on" };
    });
  }

  #modify(call: QueryCall, kind: "instance"): RdsInstance;
  #modify(call: QueryCall, kind: "cluster"): RdsCluster;
  #modify({ parameters, region }: QueryCall, kind: "instance" | "cluster") {
    const isCluster = kind === "cluster";
    const word = isCluster ? "DBCluster" : "DBInstance";
    const name = parameters.get(`${word}Identifier`);
    const at = this.databases.findIndex((one) =>
      one.kind === kind && one.region === region && one.name === name
    );
    const database = this.databases[at];
    if (database === undefined) {
      throw new Refusal(
        isCluster ? "DBClusterNotFoundFault" : "DBInstanceNotFound",
        `${word} not found: ${name}`,
        404,
      );
    }
    if (database.status !== "available") {
      throw new Refusal(
        isCluster ? "InvalidDBClusterStateFault" : "InvalidDBInstanceState",
        `${word} ${name} is not in available state`,
      );
    }
    const isOn = parameters.get("EnableIAMDatabaseAuthentication") === "true";
    const isNow = parameters.get("ApplyImmediately") === "true";
    if (isOn && isNow && database.iam === "off") {
      this.databases[at] = { ...database, iam: "turning on" };
    }
    return this.databases[at];
  }
}
