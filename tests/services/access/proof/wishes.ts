import fc from "fast-check";
import {
  type ObjectKind,
  type Privilege,
  privilegesOf,
} from "../../../../core/access/privilege.ts";
import {
  futurePrivileges,
  presetPrivileges,
  PRESETS,
} from "../../../../core/access/preset.ts";
import type {
  GrantWish,
  PrivilegeWish,
  RevokeWish,
  Wish,
} from "../../../../core/access/wish.ts";
import { GROUPS, LEAD, LOGINS, MASTER, SCHEMAS } from "./names.ts";
import { DEFAULT_OWNERS } from "./operations.ts";

function some(kind: ObjectKind): fc.Arbitrary<"all" | readonly Privilege[]> {
  return fc.oneof(
    fc.constant("all" as const),
    fc.subarray([...privilegesOf(kind, 120000)], { minLength: 1 }),
  );
}

const schema = fc.constantFrom(...SCHEMAS);

/** As `--privileges`, `--preset` and their kind put them together. */
const anyPrivileges = fc.oneof<fc.Arbitrary<readonly PrivilegeWish[]>[]>(
  fc.tuple(
    fc.constantFrom(...PRESETS),
    schema,
    fc.option(fc.constantFrom(...DEFAULT_OWNERS)),
  ).map(([preset, name, owner]) => {
    const wishes = presetPrivileges(preset, name);
    return owner === null
      ? [...wishes]
      : [...wishes, ...futurePrivileges(wishes, [owner])];
  }),
  fc.record({
    kind: fc.constant("table" as const),
    schema,
    names: fc.constantFrom(
      "all" as const,
      [{ kind: "pattern" as const, pattern: "*o*" }],
      [{ kind: "pattern" as const, pattern: "people*" }],
    ),
    privileges: some("table"),
  }).map((wish) => [wish]),
  some("database").map((privileges) => [{ kind: "database", privileges }]),
);

// The last two have something in another database, for which much is refused.
const someLogins = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...LOGINS.slice(0, 4)).map((name) => [name]),
  },
  fc.constantFrom(...LOGINS).map((name) => [name]),
  fc.subarray([...LOGINS], { minLength: 1, maxLength: 2 }),
);

const FROM_USERS: RevokeWish = {
  kind: "revoke",
  users: [],
  iam: false,
  groups: [],
  grantees: [],
  privileges: [],
  remove: null,
};

const revocation: fc.Arbitrary<RevokeWish> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(someLogins, anyPrivileges, fc.boolean()).map((
      [users, privileges, iam],
    ) => ({ ...FROM_USERS, users, grantees: users, privileges, iam })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...GROUPS), anyPrivileges).map((
      [group, privileges],
    ) => ({ ...FROM_USERS, grantees: [group], privileges })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      someLogins,
      fc.boolean(),
      fc.subarray([...GROUPS], { maxLength: 1 }),
    ).map(([users, iam, groups]) => ({
      ...FROM_USERS,
      users,
      grantees: users,
      iam,
      groups,
    })),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(
      someLogins,
      fc.boolean(),
      fc.boolean(),
      fc.option(fc.constantFrom("owners", "owners", "team", "cleo"), {
        freq: 2,
      }),
    ).map(([users, iam, dropRole, reassignTo]) => ({
      ...FROM_USERS,
      users,
      grantees: users,
      iam,
      remove: { reassignTo, dropRole },
    })),
  },
);

const grant: fc.Arbitrary<GrantWish> = fc.record({
  kind: fc.constant("grant" as const),
  users: fc.oneof(someLogins, fc.constant(["new one"])),
  createUsers: fc.constant(true),
  iam: fc.boolean(),
  createRdsIam: fc.constant(false),
  group: fc.option(
    fc.record({
      name: fc.constantFrom(...GROUPS, "new group"),
      create: fc.constant(true),
    }),
  ),
  privileges: fc.oneof(anyPrivileges, fc.constant([])),
});

/** What is asked for, and by whom. */
export const anyWish: fc.Arbitrary<
  { readonly as: string; readonly wish: Wish }
> = fc.record({
  as: fc.oneof(
    { weight: 9, arbitrary: fc.constant(MASTER) },
    { weight: 1, arbitrary: fc.constant(LEAD) },
  ),
  wish: fc.oneof(
    { weight: 4, arbitrary: revocation },
    { weight: 1, arbitrary: grant },
  ),
});
