import assert from "node:assert/strict";
import { readProxySettings } from "../../../cli/proxy/settings.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

Deno.test("readProxySettings() has a default for everything", () => {
  assert.deepEqual(readProxySettings({}), {
    localAuth: undefined,
    anyUser: false,
    maxConnections: 2_000,
    connectRate: 150,
    drainMs: 30_000,
    tls: undefined,
    http: undefined,
  });
});

Deno.test("readProxySettings() reads every option", () => {
  assert.deepEqual(
    readProxySettings({
      localAuth: "none",
      anyUser: true,
      maxConnections: "5",
      connectRate: "20",
      drain: "5m",
      tlsCert: "cert.pem",
      tlsKey: "key.pem",
      http: "127.0.0.1:0",
    }),
    {
      localAuth: "none",
      anyUser: true,
      maxConnections: 5,
      connectRate: 20,
      drainMs: 300_000,
      tls: { certificate: "cert.pem", key: "key.pem" },
      http: { host: "127.0.0.1", port: 0 },
    },
  );
});

Deno.test("readProxySettings() takes no rate as no limit, and times in each unit", () => {
  assert.equal(readProxySettings({ connectRate: "0" }).connectRate, Infinity);
  for (
    const [text, ms] of [
      ["0", 0],
      ["7", 7_000],
      ["500ms", 500],
      ["1h", 3_600_000],
    ] as const
  ) assert.equal(readProxySettings({ drain: text }).drainMs, ms);
});

Deno.test("readProxySettings() refuses what is wrong, and says how to write it", () => {
  const rows: [Parameters<typeof readProxySettings>[0], string, string][] = [
    [
      { localAuth: "md5" },
      '--local-auth "md5" is not known',
      "Known: none, password",
    ],
    [
      { maxConnections: "0" },
      'Number "0" of --max-connections is not valid',
      "Give a whole number from 1",
    ],
    [
      { connectRate: "-1" },
      'Number "-1" of --connect-rate is not valid',
      "Give a whole number from 0",
    ],
    [
      { drain: "soon" },
      'Time "soon" of --drain is not valid',
      "Write it as 30s, 5m or 0",
    ],
    [
      { tlsCert: "x" },
      "--tls-cert needs --tls-key",
      "Name the PEM files of both",
    ],
    [
      { tlsKey: "x" },
      "--tls-key needs --tls-cert",
      "Name the PEM files of both",
    ],
    [
      { http: "127.0.0.1" },
      'Address "127.0.0.1" of --http has no port',
      "Write it as 127.0.0.1:9090",
    ],
  ];
  for (const [options, message, hint] of rows) {
    assertRefuses(() => readProxySettings(options), { message, hint });
  }
});
