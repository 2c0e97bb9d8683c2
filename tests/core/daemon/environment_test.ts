import assert from "node:assert/strict";
import { serviceEnvironment } from "../../../core/daemon/environment.ts";

Deno.test("serviceEnvironment() carries what decides, and nothing else", () => {
  assert.deepEqual(
    serviceEnvironment({
      PATH: "/bin",
      AWS_PROFILE: "prod",
      PGPASSFILE: "/p",
      RDSIAM_CONFIG: "c.toml",
      AWS_REGION: "",
      HOME: "/home/app",
      TERM: "xterm",
      MY_SECRET: "x",
    }),
    {
      carried: {
        AWS_PROFILE: "prod",
        PATH: "/bin",
        PGPASSFILE: "/p",
        RDSIAM_CONFIG: "c.toml",
      },
      leftOut: [],
    },
  );
});

Deno.test("serviceEnvironment() leaves secrets out and names them", () => {
  assert.deepEqual(
    serviceEnvironment({
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_SESSION_TOKEN: "t",
      PGPASSWORD: "p",
      HTTPS_PROXY: "http://u:p@proxy",
      HTTP_PROXY: "http://proxy:3128",
    }),
    {
      carried: { HTTP_PROXY: "http://proxy:3128" },
      leftOut: [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "HTTPS_PROXY",
        "PGPASSWORD",
      ],
    },
  );
});
