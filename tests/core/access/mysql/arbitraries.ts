/** Any catalog of MySQL and MariaDB, and any wish, few names in all so that they meet. */

import fc from "fast-check";
import type { Account } from "../../../../core/access/mysql/account.ts";
import type {
  AccountState,
  Held,
  MysqlCatalog,
  RoleGrant,
} from "../../../../core/access/mysql/catalog.ts";
import { parseServerVersion } from "../../../../core/access/mysql/dialect.ts";
import { nameOfPattern } from "../../../../core/access/mysql/pattern.ts";
import type {
  MysqlGrantWish,
  MysqlPrivilegeWish,
  MysqlRevokeWish,
} from "../../../../core/access/mysql/wish.ts";
import { MASTER, role, state, withPassword } from "./fixtures.ts";

const USERS = ["app", "App", "jane", "x'y"];
const HOSTS = ["%", "10.%"];
const ROLES = ["readers", "we`ird"];
const DATABASES = ["shop", "a_b", "aXb"];
const PATTERNS = ["shop", "sh%", "a\\_b", "a_b", "aXb", "%"];
const PRIVILEGES = ["SELECT", "INSERT", "DELETE", "SHOW VIEW"];
const OBJECTS = [
  { kind: "table", database: "shop", name: "orders" },
  { kind: "table", database: "a_b", name: "t" },
  { kind: "procedure", database: "shop", name: "tidy" },
] as const;

const anyPrivileges = fc.subarray(PRIVILEGES, { minLength: 1 });
const anyAccount: fc.Arbitrary<Account> = fc.record({
  user: fc.constantFrom(...USERS),
  host: fc.constantFrom(...HOSTS),
});

const anyState: fc.Arbitrary<AccountState> = fc.tuple(
  anyAccount,
  fc.constantFrom(state, withPassword),
  fc.record({
    requiresTls: fc.boolean(),
    isLocked: fc.boolean(),
    isExpired: fc.boolean(),
    globals: fc.subarray(["SELECT", "CREATE USER"]),
  }),
).map(([{ user, host }, make, changes]) => make(`${user}@${host}`, changes));

function anyHeld(
  accounts: readonly Account[],
  isLiteral: boolean,
): fc.Arbitrary<Held> {
  const on: fc.Arbitrary<Held["on"]> = fc.oneof(
    fc.constantFrom(...PATTERNS).map((pattern) => ({
      kind: "database" as const,
      pattern,
      name: nameOfPattern(pattern, isLiteral),
    })),
    fc.constantFrom(...OBJECTS),
  );
  return fc.record({
    account: fc.constantFrom(...accounts),
    on,
    privileges: anyPrivileges,
    ofColumns: fc.constant([]),
  });
}

/** Any catalog. */
export const anyMysqlCatalog: fc.Arbitrary<MysqlCatalog> = fc.record({
  text: fc.constantFrom("9.7.4", "11.8.9-MariaDB"),
  isLiteral: fc.boolean(),
  states: fc.uniqueArray(anyState, {
    selector: ({ account }) => JSON.stringify(account),
    maxLength: 5,
  }),
  roles: fc.subarray(ROLES),
}).chain(({ text, isLiteral, states, roles }) => {
  const version = parseServerVersion(text);
  const roleHost = version.dialect === "mariadb" ? "" : "%";
  const roleStates = roles.map((name) => role(`${name}@${roleHost}`));
  const accounts = [MASTER, ...states, ...roleStates];
  const all = accounts.map(({ account }) => account);
  const anyRoleGrants: fc.Arbitrary<RoleGrant[]> = fc.subarray(
    roleStates.flatMap((granted) =>
      states.map((member) => ({
        role: granted.account,
        member: member.account,
        isAdmin: false,
      }))
    ),
  );
  return fc.record({
    held: fc.uniqueArray(anyHeld(all, isLiteral), {
      selector: ({ account, on }) => JSON.stringify([account, on]),
      maxLength: 6,
    }),
    roleGrants: anyRoleGrants,
  }).map(({ held, roleGrants }): MysqlCatalog => ({
    version,
    isReadOnly: false,
    isLiteral,
    lowersNames: false,
    hasPlugin: true,
    administrator: MASTER.account,
    accounts,
    databases: DATABASES,
    objects: OBJECTS,
    held,
    roleGrants,
    defaultRoles: roleGrants.filter((_, index) => index % 2 === 0).map((
      { role, member },
    ) => ({ account: member, role })),
    defined: [],
  }));
});

const anyPrivilegeWish: fc.Arbitrary<MysqlPrivilegeWish> = fc.oneof(
  fc.record({
    kind: fc.constant("database" as const),
    database: fc.constantFrom(...DATABASES),
    privileges: anyPrivileges,
  }),
  fc.record({
    kind: fc.constant("table" as const),
    database: fc.constantFrom(...DATABASES),
    names: fc.constant([{ kind: "pattern" as const, pattern: "*" }]),
    privileges: fc.subarray(["SELECT", "INSERT"], { minLength: 1 }),
  }),
);

/** Any wish to grant. */
export const anyMysqlGrant: fc.Arbitrary<MysqlGrantWish> = fc.record({
  kind: fc.constant("grant" as const),
  accounts: fc.uniqueArray(anyAccount, {
    selector: (each) => JSON.stringify(each),
    minLength: 1,
    maxLength: 3,
  }),
  iam: fc.boolean(),
  group: fc.option(fc.record({
    name: fc.constantFrom(...ROLES, "new group"),
    create: fc.constant(true),
  })),
  privileges: fc.array(anyPrivilegeWish, { maxLength: 3 }),
});

/** Any wish to revoke. */
export const anyMysqlRevoke: fc.Arbitrary<MysqlRevokeWish> = fc.record({
  kind: fc.constant("revoke" as const),
  users: fc.subarray(USERS),
  host: fc.constantFrom(null, ...HOSTS),
  iam: fc.boolean(),
  groups: fc.subarray(ROLES),
  fromGroup: fc.constant(null),
  privileges: fc.array(anyPrivilegeWish, { maxLength: 3 }),
  remove: fc.option(fc.record({
    databases: fc.subarray(DATABASES),
    drop: fc.boolean(),
  })),
});
