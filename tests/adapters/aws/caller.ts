import type { AwsCaller } from "../../../adapters/aws/client_config.ts";
import { CredentialSource } from "../../../adapters/credentials/credential_source.ts";
import { AwsQueryServer } from "../../aws/server.ts";
import type { RdsDatabase } from "../../../core/rds/database.ts";
import { FakeClock } from "../../fakes.ts";
import { type AwsSetup, setUpAws } from "../credentials/aws_fixture.ts";

/** A local AWS that this process's environment leads to, and somebody who calls it. */
export interface LocalAws extends AsyncDisposable {
  server: AwsQueryServer;
  caller: AwsCaller;
}

/** Starts a local AWS with these databases. */
export async function startAws(
  databases: readonly RdsDatabase[] = [],
  variables: Record<string, string | undefined> = {},
): Promise<LocalAws> {
  const server = new AwsQueryServer(databases);
  const env = { ...server.env, ...variables };
  const setup: AwsSetup = await setUpAws("", env);
  const credentials = new CredentialSource(new FakeClock(), env);
  return {
    server,
    caller: { credentials, identity: {} },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await setup[Symbol.asyncDispose]();
    },
  };
}
