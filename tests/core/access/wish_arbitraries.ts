import fc from "fast-check";
import {
  type ObjectKind,
  privilegesOf,
} from "../../../core/access/privilege.ts";
import type {
  GrantWish,
  PrivilegeSet,
  PrivilegeWish,
  RevokeWish,
} from "../../../core/access/wish.ts";
import { KINDS, ownerArbitrary, SCHEMAS } from "./arbitraries.ts";

const USERS = ["app", "jane.doe@example.com", "App", "new", "x'; --"];

function setArbitrary(kind: ObjectKind): fc.Arbitrary<PrivilegeSet> {
  return fc.oneof(
    fc.constant("all" as const),
    fc.subarray([...privilegesOf(kind, 120000)], { minLength: 1 }),
  );
}

/** A wish about privileges; its names may not exist. */
export const anyPrivilegeWish: fc.Arbitrary<PrivilegeWish> = fc.oneof(
  fc.record({
    kind: fc.constant("database" as const),
    privileges: setArbitrary("database"),
  }),
  fc.record({
    kind: fc.constant("schema" as const),
    schema: fc.constantFrom(...SCHEMAS),
    privileges: setArbitrary("schema"),
  }),
  ...KINDS.map((kind) =>
    fc.record({
      kind: fc.constant(kind),
      schema: fc.constantFrom(...SCHEMAS),
      names: fc.oneof(
        { weight: 3, arbitrary: fc.constant("all" as const) },
        fc.constant([{ kind: "pattern" as const, pattern: "*r*" }]),
        fc.constant([{ kind: "name" as const, name: "orders" }]),
      ),
      privileges: setArbitrary(kind),
    })
  ),
  ...KINDS.map((objects) =>
    fc.record({
      kind: fc.constant("default" as const),
      owner: ownerArbitrary,
      schema: fc.constantFrom(...SCHEMAS),
      objects: fc.constant(objects),
      privileges: setArbitrary(objects),
    })
  ),
);

/** Any wish to grant. */
export const anyGrantWish: fc.Arbitrary<GrantWish> = fc.record({
  kind: fc.constant("grant" as const),
  users: fc.subarray(USERS, { minLength: 1, maxLength: 3 }),
  createUsers: fc.constant(true),
  iam: fc.boolean(),
  createRdsIam: fc.boolean(),
  group: fc.option(
    fc.record({
      name: fc.constantFrom("readers", 'we"ird', "new group"),
      create: fc.constant(true),
    }),
  ),
  privileges: fc.array(anyPrivilegeWish, { maxLength: 5 }),
});

/** Any wish to revoke. */
export const anyRevokeWish: fc.Arbitrary<RevokeWish> = fc.record({
  kind: fc.constant("revoke" as const),
  users: fc.subarray(["app", "App", "jane.doe@example.com"]),
  iam: fc.boolean(),
  groups: fc.subarray(["readers", 'we"ird']),
  grantees: fc.subarray(["app", "App", "readers"]),
  privileges: fc.array(anyPrivilegeWish, { maxLength: 5 }),
  remove: fc.option(
    fc.record({
      reassignTo: fc.constantFrom(null, "owner1"),
      dropRole: fc.boolean(),
    }),
  ),
});
