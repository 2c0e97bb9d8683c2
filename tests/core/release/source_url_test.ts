import assert from "node:assert/strict";
import { isTrustedTransport } from "../../../core/release/source_url.ts";

// security: download-https
Deno.test("isTrustedTransport() takes HTTPS, and HTTP from this machine alone", () => {
  for (
    const [url, expected] of [
      ["https://mirror.example/releases", true],
      ["http://127.0.0.1:8080/", true],
      ["http://localhost/releases", true],
      ["http://[::1]:8080", true],
      ["http://mirror.example/", false],
      ["http://127.0.0.1.example/", false],
      ["http://10.0.0.1/", false],
      ["ftp://127.0.0.1/", false],
      ["file:///tmp/releases", false],
    ] as const
  ) assert.equal(isTrustedTransport(new URL(url)), expected, url);
});
