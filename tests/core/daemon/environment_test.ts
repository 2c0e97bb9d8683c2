import assert from "node:assert/strict";
import { daemonEnvironment } from "../../../core/daemon/environment.ts";

Deno.test("daemonEnvironment() carries what decides, and nothing else", () => {
  assert.deepEqual(
    daemonEnvironment({
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

Deno.test("daemonEnvironment() leaves secrets out and names them", () => {
  assert.deepEqual(
    daemonEnvironment({
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
