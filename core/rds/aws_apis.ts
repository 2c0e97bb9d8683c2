import type { RdsApi } from "./rds_api.ts";
import type { OrganizationsApi } from "../aws/organizations_api.ts";
import type { StsApi } from "../aws/sts_api.ts";
import type { IamApi } from "../policy/iam_api.ts";
import type { IdentitiesApi } from "../policy/identities_api.ts";

/** The AWS APIs as one identity calls them. */
export interface AwsApis {
  rds: RdsApi;
  sts: StsApi;
  iam: IamApi;
  organizations: OrganizationsApi;
  /** The users and roles of the account, by any region of the partition. */
  identities(region: string): Promise<IdentitiesApi>;
  /**
   * When RDS answered last, by its clock, to the second, and by this machine's, in milliseconds since the epoch; `undefined`
   * before the first answer.
   */
  time(): { server: number; local: number } | undefined;
}
