import type { RdsApi } from "./rds_api.ts";
import type { StsApi } from "../aws/sts_api.ts";
import type { IamApi } from "../policy/iam_api.ts";

/** The AWS APIs as one identity calls them. */
export interface AwsApis {
  rds: RdsApi;
  sts: StsApi;
  iam: IamApi;
}
