import { run } from "./rdsiam.ts";

/** AWS shared config in a folder of its own. */
export interface AwsConfig extends AsyncDisposable {
  folder: string;
  /** The variables that point to it, and to no other credentials. */
  env: Record<string, string | undefined>;
}

/** Writes AWS shared config into a folder that is also the home. */
export async function awsConfig(config: string): Promise<AwsConfig> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/config`, config);
  return {
    folder,
    env: {
      HOME: folder,
      AWS_CONFIG_FILE: `${folder}/config`,
      AWS_SHARED_CREDENTIALS_FILE: `${folder}/credentials`,
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      DENO_DIR: await denoDir(), // the one of the real home
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Where Deno keeps what it has downloaded. */
export async function denoDir(): Promise<string> {
  const { stdout } = await run([Deno.execPath(), "info", "--json"]);
  return JSON.parse(stdout).denoDir;
}
