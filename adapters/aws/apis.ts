import type { AwsApis } from "../../core/rds/aws_apis.ts";
import type { AwsCaller } from "./client_config.ts";

/** Makes the AWS APIs of whoever calls. Each client, some 50 ms to load, is loaded when it is first asked. */
export function createAwsApis(caller: AwsCaller): AwsApis {
  let time: ReturnType<AwsApis["time"]>;
  async function rds() {
    const { createRdsApi } = await import("./rds_api.ts");
    return createRdsApi({ ...caller, onTime: (seen) => time = seen });
  }
  return {
    time: () => time,
    rds: {
      list: async (...args) => await (await rds()).list(...args),
      find: async (...args) => await (await rds()).find(...args),
      read: async (...args) => await (await rds()).read(...args),
      behind: async (...args) => await (await rds()).behind(...args),
      turnOnIam: async (...args) => await (await rds()).turnOnIam(...args),
    },
    async identities(region) {
      const { createIdentitiesApi } = await import("./identities_api.ts");
      return createIdentitiesApi(caller, region);
    },
    organizations: {
      async accounts(...args) {
        const { createOrganizationsApi } = await import(
          "./organizations_api.ts"
        );
        return await createOrganizationsApi(caller).accounts(...args);
      },
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
