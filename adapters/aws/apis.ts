import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { AwsCaller } from "./client_config.ts";

/** Makes the AWS APIs of whoever calls. Each client, some 50 ms to load, is loaded when it is first asked. */
export function createAwsApis(caller: AwsCaller): AwsApis {
  async function rds() {
    return (await import("./rds_api.ts")).createRdsApi(caller);
  }
  return {
    rds: {
      list: async (...args) => await (await rds()).list(...args),
      find: async (...args) => await (await rds()).find(...args),
      read: async (...args) => await (await rds()).read(...args),
      turnOnIam: async (...args) => await (await rds()).turnOnIam(...args),
    },
    sts: {
      async identity(...args) {
        const { createStsApi } = await import("./sts_api.ts");
        return await createStsApi(caller).identity(...args);
      },
    },
    iam: {
      async simulate(...args) {
        const { createIamApi } = await import("./iam_api.ts");
        return await createIamApi(caller).simulate(...args);
      },
    },
  };
}
