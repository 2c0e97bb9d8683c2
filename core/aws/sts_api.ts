import type { CallerIdentity } from "./caller.ts";

/** Says who one's credentials are. */
export interface StsApi {
  /**
   * Who the credentials are, and the time by AWS's clock.
   *
   * @throws {AwsCallError} when it is refused; its `serverTime` is AWS's clock then
   */
  identity(region: string, signal?: AbortSignal): Promise<CallerIdentity>;
}
