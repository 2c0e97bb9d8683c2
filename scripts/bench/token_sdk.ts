/** The least program that prints a token with AWS's own library, for comparison. */
// deno-lint-ignore-file no-console

import { Signer } from "@aws-sdk/rds-signer";

const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = Deno.env
  .toObject();
const signer = new Signer({
  hostname: Deno.args[0] ?? "",
  port: 5432,
  username: "app",
  region: "eu-west-1",
  credentials: {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
  },
});
console.log(await signer.getAuthToken());
