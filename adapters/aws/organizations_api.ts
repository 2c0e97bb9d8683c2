import { AwsCallError } from "../../core/aws/call_error.ts";
import type { OrganizationsApi } from "../../core/aws/organizations_api.ts";
import { partitionOf } from "../../core/target/endpoint.ts";
import type { AwsCaller } from "./client_config.ts";
import { jsonCall } from "./json_call.ts";

/** Where each partition has the one endpoint of Organizations (AWS General Reference, "AWS Organizations endpoints"). */
const HOME: Readonly<Record<string, string>> = {
  "aws": "us-east-1",
  "aws-cn": "cn-northwest-1",
  "aws-us-gov": "us-gov-west-1",
};

/** As much of the answer of ListAccounts as counts here. */
interface AccountsPage {
  Accounts?: readonly { Id: string; Status?: string; State?: string }[];
  NextToken?: string;
}

/** Makes AWS Organizations of whoever calls. */
export function createOrganizationsApi(caller: AwsCaller): OrganizationsApi {
  return {
    async accounts(region, signal) {
      const call = {
        service: "organizations",
        target: "AWSOrganizationsV20161128.ListAccounts",
        action: "organizations:ListAccounts",
        region: HOME[partitionOf(region)] ?? region,
        signal,
      };
      const ids: string[] = [];
      const tokens = new Set<string | undefined>();
      let token: string | undefined;
      do {
        tokens.add(token);
        const input = token === undefined ? {} : { NextToken: token };
        const page = await jsonCall(caller, { ...call, input }) as AccountsPage;
        if (page.Accounts === undefined) {
          throw new AwsCallError(
            call.action,
            "unreachable",
            `What answered ${call.action} in ${call.region} is not AWS`,
          );
        }
        for (const { Id: id, Status: status, State: state } of page.Accounts) {
          if ((state ?? status) === "ACTIVE") ids.push(id);
        }
        token = page.NextToken;
      } while (token && !tokens.has(token));
      return ids;
    },
  };
}
