import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { StsApi } from "../../core/aws/sts_api.ts";
import { awsCall, serverTime } from "./call.ts";
import { type AwsCaller, clientConfigs } from "./client_config.ts";

/** Makes the Security Token Service of whoever calls. */
export function createStsApi(caller: AwsCaller): StsApi {
  return {
    async identity(region, signal) {
      const client = new STSClient(
        (await clientConfigs(caller, "STS"))(region),
      );
      let time: number | undefined;
      client.middlewareStack.add(
        (next) => async (args) => {
          const result = await next(args);
          time = serverTime(result.response);
          return result;
        },
        { step: "deserialize", priority: "low" },
      );
      try {
        const { Account, Arn, UserId } = await awsCall(
          { action: "sts:GetCallerIdentity", region, signal },
          () =>
            client.send(
              new GetCallerIdentityCommand({}),
              { ...(signal && { abortSignal: signal }) },
            ),
        );
        return {
          account: Account ?? "",
          arn: Arn ?? "",
          userId: UserId ?? "",
          serverTime: time,
        };
      } finally {
        client.destroy();
      }
    },
  };
}
