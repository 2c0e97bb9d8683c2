/** AWS Organizations for one organization, whose accounts it lists in pages. */
export class OrganizationsService {
  accounts: { Id: string; Status: string }[] = [];
  readonly pageSize = 20;

  /** The answer of ListAccounts. */
  list({ NextToken: token = "0" }: { NextToken?: string }) {
    const end = Number(token) + this.pageSize;
    return {
      Accounts: this.accounts.slice(Number(token), end),
      ...(end < this.accounts.length && { NextToken: `${end}` }),
    };
  }
}
