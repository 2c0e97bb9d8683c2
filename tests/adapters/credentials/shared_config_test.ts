import assert from "node:assert/strict";
import { join } from "node:path";
import {
  defaultRegion,
  loadProfiles,
} from "../../../adapters/credentials/shared_config.ts";
import { setUpAws } from "./aws_fixture.ts";

const CONFIG = "[default]\nregion = eu-west-1\n" +
  "[profile prod]\nregion = eu-central-1\nrole_arn = from-config\n" +
  "[sso-session corp]\nsso_region = eu-west-1\n[services local]\nrds =\n  endpoint_url = http://x\n";

Deno.test("loadProfiles() joins both files, the credentials file first, and leaves out what is no profile", async () => {
  await using aws = await setUpAws(CONFIG);
  await Deno.writeTextFile(
    join(aws.folder, "credentials"),
    "[prod]\nrole_arn = from-credentials\n[other]\naws_access_key_id = AKIA\n",
  );
  assert.deepEqual(await loadProfiles(aws.environment), {
    default: { region: "eu-west-1" },
    prod: { region: "eu-central-1", role_arn: "from-credentials" },
    other: { aws_access_key_id: "AKIA" },
  });
});

Deno.test("loadProfiles() finds none where there are no files", async () => {
  await using aws = await setUpAws("", {
    AWS_CONFIG_FILE: "/nonexistent/config",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
  });
  assert.deepEqual(await loadProfiles(aws.environment), {});
});

Deno.test("loadProfiles() sees what changed", async () => {
  await using aws = await setUpAws(CONFIG);
  await loadProfiles(aws.environment);
  await Deno.writeTextFile(
    join(aws.folder, "config"),
    "[profile new]\na = b\n",
  );
  assert.deepEqual(await loadProfiles(aws.environment), { new: { a: "b" } });
});

Deno.test("defaultRegion() takes the environment's, then the profile's, then none", async () => {
  await using aws = await setUpAws(CONFIG);
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...plain } = aws.environment;
  const AWS_REGION = "us-east-1";
  const AWS_DEFAULT_REGION = "us-west-2";
  assert.equal(
    await defaultRegion(
      { ...aws.environment, AWS_REGION, AWS_DEFAULT_REGION },
      "prod",
    ),
    "us-east-1",
  );
  assert.equal(
    await defaultRegion(
      { ...aws.environment, AWS_REGION: "", AWS_DEFAULT_REGION },
      "prod",
    ),
    "us-west-2",
  );
  assert.equal(await defaultRegion(plain, "prod"), "eu-central-1");
  assert.equal(await defaultRegion(plain), "eu-west-1");
  assert.equal(await defaultRegion(plain, "nothing"), undefined);
});
