import assert from "node:assert/strict";
import { fakeTarget } from "../../../fakes.ts";
import type { TargetWords } from "../../../../core/doctor/command.ts";
import {
  judgeAccount,
  judgeOwnAccess,
  judgeOwnAccount,
} from "../../../../core/doctor/judge/mysql_account.ts";
import {
  accountsSql,
  decodeAccount,
  decodeSelf,
  decodeServer,
  type MysqlAccount,
} from "../../../../core/doctor/judge/mysql_account_facts.ts";

const WORDS: TargetWords = { name: "orders", fields: {}, config: undefined };
const CONTEXT = {
  target: fakeTarget({ engine: "mysql", database: "" }),
  words: WORDS,
  admin: undefined,
  isBehindRdsProxy: false,
};
const ACCOUNT: MysqlAccount = {
  user: "app",
  host: "%",
  plugin: "AWSAuthenticationPlugin",
  requiresTls: true,
  isLocked: false,
};

function judge(
  changes: readonly Partial<MysqlAccount>[],
  isBehindRdsProxy = false,
) {
  const accounts = changes.map((one) => ({ ...ACCOUNT, ...one }));
  return judgeAccount(
    { accounts, clientHost: "10.0.0.5" },
    { ...CONTEXT, isBehindRdsProxy },
  );
}

Deno.test("judgeAccount() says of the account that is taken what keeps its user out", () => {
  const plugin = "mysql_native_password";
  const cases: [Partial<MysqlAccount>[], string][] = [
    [[{}], "'app'@'%' is an IAM account"],
    [[{ user: "other" }], 'there is no account "app"'],
    [
      [{ user: "App" }],
      'there is no account "app", "App" is there: capitals matter',
    ],
    [[{ user: "apps" }], 'there is no account "app", "apps" is there'],
    [[{ isLocked: true }], "'app'@'%' is locked"],
    [
      [{ requiresTls: false }],
      "'app'@'%' is an IAM account that does not REQUIRE SSL",
    ],
    [
      [{ plugin }],
      "'app'@'%' is no IAM account: it logs in by mysql_native_password",
    ],
    [
      [{}, { host: "10.%", plugin }],
      "'app'@'10.%' logs in by mysql_native_password, and is taken before 'app'@'%', since its host is more specific",
    ],
    [[{ plugin }, { host: "10.0.0.5" }], "'app'@'10.0.0.5' is an IAM account"],
    [
      [{ host: "192.168.%" }, { host: "localhost" }],
      "'app'@'192.168.%', 'app'@'localhost' is not for this machine's address, 10.0.0.5",
    ],
  ];
  for (const [accounts, detail] of cases) {
    assert.equal(judge(accounts).detail, detail);
  }
  assert.equal(
    judge([{ plugin }], true).detail,
    "'app'@'%' is there; the proxy logs it in",
  );
});

Deno.test("judgeAccount() sends to setup-db for the very host", () => {
  const finding = judge([{}, { host: "10.0.%", plugin: "sha256_password" }]);
  assert.ok(finding.status === "suspect");
  assert.equal(
    finding.remedy,
    "rdsiam setup-db orders --host-pattern 10.0.% --admin-username admin",
  );
});

Deno.test("judgeOwnAccount() and judgeOwnAccess() tell of who is in", () => {
  const facts = { account: "o'hara@work@10.%", databases: 0 };
  assert.equal(
    judgeOwnAccount(facts).detail,
    "'o''hara@work'@'10.%' is an IAM account",
  );
  assert.deepEqual(judgeOwnAccess(facts, CONTEXT), {
    status: "warning",
    detail: "no database to use: nothing is granted",
    remedy: "rdsiam grant orders --preset readonly --admin-username admin",
  });
  assert.equal(
    judgeOwnAccess({ ...facts, databases: 1 }, CONTEXT).detail,
    "1 database to use",
  );
  const target = fakeTarget({ engine: "mysql", database: "shop" });
  assert.equal(
    judgeOwnAccess(facts, { ...CONTEXT, target }).detail,
    'database "shop" is open',
  );
});

Deno.test("what servers say is read in each one's JSON", () => {
  assert.deepEqual(
    decodeServer('{"version": "9.7.4", "user": "a@b@10.0.0.5"}'),
    { version: "9.7.4", clientHost: "10.0.0.5" },
  );
  assert.deepEqual(decodeSelf('{"account": "app@%", "databases": 2}'), {
    account: "app@%",
    databases: 2,
  });
  const row = { user: "app", host: "%", plugin: "AWSAuthenticationPlugin" };
  for (const [yes, no] of [[1, 0], ["1", "0"], [true, false]]) {
    assert.deepEqual(
      decodeAccount(JSON.stringify({ ...row, requiresTls: yes, isLocked: no })),
      ACCOUNT,
    );
  }
  assert.throws(() => decodeSelf("1"), SyntaxError);
  assert.match(accountsSql("11.8.9-MariaDB-log"), /global_priv/);
  assert.doesNotMatch(accountsSql("9.7.4"), /global_priv/);
});
