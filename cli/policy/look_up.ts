import { findEndpoint } from "../../core/rds/find_endpoint.ts";
import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { Target } from "../../core/target/target.ts";
import type { VisibleDatabase } from "./enable.ts";
import type { PolicyOptions } from "./options.ts";
import {
  type DatabaseResource,
  findDatabase,
  givenResource,
} from "./resource.ts";

/** What a target's policy names, and its database where it was looked up. */
export interface LookedUp {
  resource: DatabaseResource;
  found?: VisibleDatabase;
}

/** From so many targets of an account and region on, all that is there is listed, in fewer calls than one for each. */
const LISTED_FROM = 4;

/**
 * Looks up what policies name, target by target, or by a list of all that a region has where several targets are in it.
 *
 * @throws {RdsiamError} as looking up one of them does
 */
export async function lookUpAll(
  targets: readonly Target[],
  { resourceId, account }: PolicyOptions,
  aws: (target: Target) => Promise<AwsApis>,
): Promise<LookedUp[]> {
  if (resourceId !== undefined) {
    const given = { resourceId, account };
    return await Promise.all(targets.map(async (target) => ({
      resource: await givenResource(target, given, () => aws(target)),
    })));
  }
  const results = new Map<Target, LookedUp>();
  const groups = Map.groupBy(
    targets,
    ({ profile, roleArn, region }) =>
      JSON.stringify([profile, roleArn, region]),
  );
  await Promise.all([...groups.values()].map(async (group) => {
    const [first] = group;
    if (first === undefined) return;
    const apis = await aws(first);
    const databases = group.length < LISTED_FROM
      ? []
      : (await apis.rds.list(first.region)).databases;
    for (const target of group) {
      // One that the list lacks, or may not show, is looked up to say why.
      const database = findEndpoint(databases, target.host)?.database ??
        await findDatabase(target, () => Promise.resolve(apis));
      results.set(target, {
        resource: database,
        found: { database, aws: apis },
      });
    }
  }));
  return targets.flatMap((target) => results.get(target) ?? []);
}
