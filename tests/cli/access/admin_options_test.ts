import assert from "node:assert/strict";
import type { AdminOptions } from "../../../cli/access/options.ts";
import { readAdmin, readAdminUrl } from "../../../cli/access/admin_options.ts";
import type { AdminSettings } from "../../../core/config/config.ts";
import { assertRefuses } from "../../rdsiam_error.ts";

function read(options: AdminOptions, settings?: AdminSettings): string {
  const { username, method } = readAdmin(
    options,
    readAdminUrl(options),
    settings,
  );
  return `${username} by ${method}`;
}

Deno.test("readAdmin() takes --admin-username, --admin-url, then the target's admin", () => {
  const settings = { username: "configured" };
  const adminUrl = "postgres://url@db";
  assert.equal(
    read({ adminUsername: "option", adminUrl }, settings),
    "option by password",
  );
  assert.equal(read({ adminUrl }, settings), "url by password");
  assert.equal(read({}, settings), "configured by password");
});

Deno.test("readAdmin() logs the configured administrator in as configured, and nobody else", () => {
  const settings: AdminSettings = { username: "root", auth: "iam" };
  assert.equal(read({}, settings), "root by token");
  assert.equal(read({ adminUsername: "root" }, settings), "root by token");
  assert.equal(read({ adminUsername: "other" }, settings), "other by password");
  assert.equal(
    read({ adminUsername: "other", adminIam: true }, settings),
    "other by token",
  );
  assert.equal(
    read({ adminUsername: "other" }, { auth: "iam" }),
    "other by token",
  );
});

Deno.test("readAdmin() wants an administrator", () => {
  for (const settings of [undefined, {}, { auth: "iam" as const }]) {
    assertRefuses(() => read({}, settings), {
      message: "Username of the administrator is missing",
      hint:
        "Name the master user, or another that may create roles, with --admin-username",
    });
  }
});
