/** Knows the accounts of an organisation. */
export interface OrganizationsApi {
  /**
   * The ids of its active accounts.
   *
   * @param region any of the partition
   * @throws {AwsCallError} when it is refused
   */
  accounts(region: string, signal?: AbortSignal): Promise<readonly string[]>;
}
