import assert from "node:assert/strict";
import { presetPrivileges } from "../../../core/access/preset.ts";
import type { PrivilegeSet, PrivilegeWish } from "../../../core/access/wish.ts";
import { describeLoss } from "../../../core/access/check/describe_loss.ts";
import type { Outcome } from "../../../services/access/attempt.ts";
import { grantWish, revokeWish } from "../../core/access/fixtures.ts";
import { useRealServers } from "./real_server.ts";

const test = useRealServers();

const DROP = { reassignTo: null, dropRole: true };
const ALL = { reassignTo: null, dropRole: false };

function onTable(
  name: string,
  privileges: PrivilegeSet,
): PrivilegeWish {
  return {
    kind: "table",
    schema: "public",
    names: [{ kind: "name", name }],
    privileges,
  };
}

function told({ plan }: Outcome): readonly string[] {
  return plan.notices.map(({ message }) => message);
}

test("S1: whom a leaver has put into rds_iam goes on logging in", async (db) => {
  const [lead, dev] = [db.role("lead"), db.role("dev")];
  await db.master(
    `create role ${lead} login createrole`,
    `grant rds_iam to ${lead} with admin option`,
  );
  await db.fulfil(grantWish(dev), { as: lead });
  const outcome = await db.fulfil(revokeWish(lead, [], { remove: DROP }));
  assert.deepEqual(outcome.losses, []);
  assert.deepEqual(
    await db.sql(
      `select pg_has_role('${dev}', 'rds_iam', 'member')`,
      `select rolname from pg_roles where rolname in ('${lead}', '${dev}')`,
    ),
    [dev],
  );
  assert.deepEqual(
    await db.sql(`select pg_has_role('${dev}', 'rds_iam', 'member')`),
    ["true"],
  );
  const kept = outcome.plan.steps.filter(({ kind }) =>
    kind === "keep-membership"
  );
  // Before 16 a grant outlives its grantor.
  assert.equal(kept.length, db.version >= 160000 ? 1 : 0);
});

test("S1: what the administrator cannot grant again is refused, by name", async (db) => {
  const [lead, dev, club] = [db.role("lead"), db.role("dev"), db.role("club")];
  await db.sql(
    `create role ${club}`,
    `create role ${lead} login`,
    `create role ${dev} login`,
    `grant ${club} to ${lead} with admin option`,
  );
  await db.as(lead, [`grant ${club} to ${dev}`]);
  await db.sql(`grant ${lead} to master with admin option`);
  const wish = revokeWish(lead, [], { remove: DROP });
  if (db.version < 160000) {
    await db.fulfil(wish);
    assert.deepEqual(
      await db.sql(`select pg_has_role('${dev}', '${club}', 'member')`),
      ["true"],
    );
    return;
  }
  await assert.rejects(db.fulfil(wish), {
    kind: "usage",
    message:
      `Refused, since it takes more than was asked for: "${dev}" loses membership in role "${club}"`,
  });
  const { losses } = await db.fulfil(wish, { force: true });
  assert.deepEqual(losses.filter(({ force }) => force).map(describeLoss), [
    `"${dev}" loses membership in role "${club}"`,
  ]);
});

test("S2: --all stays in this database, --drop-role names what is outside", async (db) => {
  const svc = db.role("svc");
  const [other, mine] = [`${db.name}_other`, `${db.name}_mine`];
  await db.master(
    `create role ${svc} login`,
    `grant ${svc} to master`,
    `create database ${other}`,
    `revoke connect on database ${other} from public`,
    `grant connect on database ${other} to ${svc}`,
    `create database ${mine} owner ${svc}`,
    `create table held (id int)`,
    `grant select on held to ${svc}`,
    `create table owned (id serial primary key)`,
    `grant create on schema public to ${svc}`,
    `alter table owned owner to ${svc}`,
    `revoke create on schema public from ${svc}`,
    `create schema area authorization ${svc}`,
  );
  const outcome = await db.fulfil(revokeWish(svc, [], { remove: ALL }));
  assert.deepEqual(
    outcome.losses.filter(({ role, force }) => role !== "master" || force),
    [],
  );
  assert.deepEqual(told(outcome), [
    `"${svc}" goes on owning database "${mine}", which is outside of this database`,
    `"${svc}" keeps CONNECT on database "${other}", which is outside of this database`,
  ]);
  assert.deepEqual(
    await db.sql(
      `select concat_ws(' ', has_database_privilege('${svc}', '${other}', 'CONNECT'),
        (select pg_get_userbyid(datdba) from pg_database where datname = '${mine}'),
        has_table_privilege('${svc}', 'held', 'SELECT'),
        (select relowner::regrole from pg_class where relname = 'owned'),
        (select relowner::regrole from pg_class where relname = 'owned_id_seq'),
        (select nspowner::regrole from pg_namespace where nspname = 'area'))`,
    ),
    [`t ${svc} f master master master`],
  );
  const again = await db.fulfil(revokeWish(svc, [], { remove: ALL }));
  assert.deepEqual(again.plan.steps, []);
  await assert.rejects(db.fulfil(revokeWish(svc, [], { remove: DROP })), {
    kind: "usage",
    message:
      `Refused, since it takes more than was asked for: "${svc}" loses ownership of database "${mine}", outside of this database; "${svc}" loses CONNECT on database "${other}", outside of this database`,
  });
  const forced = await db.fulfil(revokeWish(svc, [], { remove: DROP }), {
    force: true,
  });
  assert.equal(forced.losses.filter(({ outside }) => outside).length, 2);
  assert.deepEqual(
    await db.sql(
      `select pg_get_userbyid(datdba) from pg_database where datname = '${mine}'`,
    ),
    ["master"],
  );
});

test("S2: --drop-role names the databases where something is left", async (db) => {
  const svc = db.role("svc");
  const other = `${db.name}_there`;
  await db.master(`create role ${svc} login`, `create database ${other}`);
  await db.as("master", [
    "create table t (id int)",
    `grant select on t to ${svc}`,
    "create table u (tenant text)",
    "alter table u enable row level security",
    `create policy p on u to ${svc} using (true)`,
  ], other);
  await assert.rejects(
    db.fulfil(revokeWish(svc, [], { remove: DROP }), { force: true }),
    {
      kind: "failed",
      message:
        `Dropping role "${svc}" failed: it is in use in database "${other}" (1 privilege, 1 policy)`,
      hint:
        "Run revoke --all for it in each of these first, with --dbname; the policies there are to be changed by hand (ALTER POLICY … TO …, DROP POLICY)",
    },
  );
});

test("S3: a policy is no privilege, and stays", async (db) => {
  const [tenant, guest] = [db.role("tenant"), db.role("guest")];
  await db.master(
    `create role ${tenant} login`,
    `create role ${guest} login`,
    "create table acc (id int, tenant text)",
    "insert into acc values (1, 'a'), (2, 'b')",
    "alter table acc enable row level security",
    "create policy all_rows on acc using (true)",
    `create policy only_a on acc as restrictive to ${tenant} using (tenant = 'a')`,
    `create policy pair on acc as restrictive to ${tenant}, ${guest} using (id < 9)`,
    `grant select on acc to ${tenant}`,
  );
  const outcome = await db.fulfil(revokeWish(tenant, [], { remove: ALL }));
  assert.deepEqual(
    told(outcome),
    ["only_a", "pair"].map((name) =>
      `Policy "${name}" on table "acc" in schema "public" names "${tenant}", and stays: it is no privilege`
    ),
  );
  await db.fulfil(
    grantWish(tenant, [onTable("acc", ["SELECT"])], { iam: false }),
  );
  assert.deepEqual(await db.as(tenant, ["select count(*) from acc"]), ["1"]);
  const drop = revokeWish(tenant, [], { remove: DROP });
  await assert.rejects(db.fulfil(drop), {
    kind: "usage",
    message:
      `Refused, since it takes more than was asked for: "${tenant}" loses policy "only_a" on table "acc" in schema "public"; "${tenant}" loses policy "pair" on table "acc" in schema "public"`,
  });
  await db.fulfil(drop, { force: true });
  assert.deepEqual(
    await db.sql(
      "select concat_ws(' ', polname, polroles::regrole[]) from pg_policy order by polname",
    ),
    ["all_rows {-}", `pair {${guest}}`],
  );
});

test("S4: privileges on columns are seen and taken", async (db) => {
  const app = db.role("app");
  await db.master(
    `create role ${app} login`,
    "create table people (id int, ssn text)",
    `grant select (id, ssn), update (ssn) on people to ${app}`,
  );
  const wish = revokeWish(app, [onTable("people", ["SELECT", "UPDATE"])]);
  const check = await db.fulfil(wish, { apply: false });
  assert.equal(check.plan.steps.length, 1);
  await db.fulfil(wish);
  assert.deepEqual(
    await db.sql(
      `select has_any_column_privilege('${app}', 'people', 'SELECT, UPDATE')`,
    ),
    ["false"],
  );
  assert.deepEqual((await db.fulfil(wish)).plan.steps, []);
  await db.master(`grant select (ssn) on people to ${app}`);
  await db.fulfil(revokeWish(app, [], { remove: ALL }));
  assert.deepEqual(
    await db.sql(
      `select has_any_column_privilege('${app}', 'people', 'SELECT')`,
    ),
    ["false"],
  );
});

test("S5: default privileges for every schema are told of", async (db) => {
  const app = db.role("app");
  await db.master(
    `create role ${app} login`,
    `alter default privileges for role master grant select, insert on tables to ${app}`,
  );
  const readwrite = presetPrivileges("readwrite", "public");
  const outcome = await db.fulfil(revokeWish(app, [...readwrite, {
    kind: "default",
    owner: "master",
    schema: "public",
    objects: "table",
    privileges: ["SELECT", "INSERT", "UPDATE", "DELETE"],
  }]));
  const sql =
    `ALTER DEFAULT PRIVILEGES FOR ROLE "master" REVOKE SELECT, INSERT ON TABLES FROM "${app}"`;
  const notice = told(outcome).find((text) => text.includes("future"));
  assert.equal(
    notice?.replace(/(SELECT, INSERT|INSERT, SELECT)/g, "SELECT, INSERT"),
    `"${app}" goes on getting SELECT, INSERT on future tables of "master" in every schema: that is taken back for all schemas alone, by ${sql}`,
  );
  await db.master(sql);
  assert.deepEqual(
    await db.sql(
      "create table later (id int)",
      `select has_table_privilege('${app}', 'later', 'SELECT')`,
    ),
    ["false"],
  );
});

test("S6: what a user keeps through a group, a predefined role or an owner is told of", async (db) => {
  const [app, team, boss] = [db.role("app"), db.role("team"), db.role("boss")];
  await db.master(
    `create role ${app} login`,
    `create role ${team}`,
    `create role ${boss}`,
    `grant ${team}, ${boss} to ${app}`,
    `grant ${boss} to master`,
    "create table people (id int)",
    `grant select on people to ${team}`,
    "create table things (id int)",
    `grant create on schema public to ${boss}`,
    `alter table things owner to ${boss}`,
  );
  const wish = revokeWish(app, [
    onTable("people", ["SELECT"]),
    onTable("things", ["SELECT"]),
  ]);
  const outcome = await db.fulfil(wish);
  assert.deepEqual(outcome.plan.steps, []);
  assert.deepEqual(told(outcome), [
    `"${app}" keeps SELECT on table "people" through role "${team}"`,
    `"${app}" keeps SELECT on table "things" through role "${boss}", the owner`,
  ]);
  if (db.version < 140000) return;
  await db.sql(`grant pg_read_all_data to ${app}`);
  assert.ok(
    told(await db.fulfil(wish)).includes(
      `"${app}" keeps SELECT on table "people", "things" through role "pg_read_all_data"`,
    ),
  );
  await db.sql(`revoke pg_read_all_data from ${app}`);
});

test("S7: what a leaver has passed on is kept, and named", async (db) => {
  const [deleg, bob, carl] = [
    db.role("deleg"),
    db.role("bob"),
    db.role("carl"),
  ];
  await db.master(
    ...[deleg, bob, carl].map((name) => `create role ${name} login`),
    "create table people (id int, ssn text)",
    `grant select on people to ${deleg} with grant option`,
  );
  await db.as(deleg, [`grant select on people to ${bob} with grant option`]);
  await db.as(bob, [`grant select on people to ${carl}`]);
  const wish = revokeWish(deleg, [onTable("people", ["SELECT"])]);
  const outcome = await db.fulfil(wish);
  assert.deepEqual(outcome.losses, []);
  assert.deepEqual(
    await db.sql(
      `select concat_ws(' ', ${
        [deleg, bob, carl].map((name) =>
          `has_table_privilege('${name}', 'people', 'SELECT')`
        ).join(", ")
      }, has_table_privilege('${bob}', 'people', 'SELECT WITH GRANT OPTION'))`,
    ),
    ["f t t t"],
  );
  assert.deepEqual((await db.fulfil(wish)).plan.steps, []);
});

test("S7: what a leaver has passed on is kept in the administrator's name where the owner is out of reach", async (db) => {
  const [owner, deleg, bob] = [
    db.role("owner"),
    db.role("deleg"),
    db.role("bob"),
  ];
  await db.sql(
    ...[owner, deleg, bob].map((name) => `create role ${name} login`),
    `grant create, usage on schema public to ${owner}`,
  );
  await db.as(owner, [
    "create table people (id int)",
    "grant select on people to master with grant option",
  ]);
  await db.master(`grant select on people to ${deleg} with grant option`);
  await db.as(deleg, [`grant select on people to ${bob}`]);
  const wish = revokeWish(deleg, [onTable("people", ["SELECT"])]);
  assert.deepEqual((await db.fulfil(wish)).losses, []);
  assert.deepEqual(
    await db.sql("select relacl from pg_class where relname = 'people'"),
    [`${owner}=arwdDxt${
      db.version >= 170000 ? "m" : ""
    }/${owner},master=r*/${owner},${bob}=r/master`],
  );
});

test("whoever has a leaver's rights is named before they go", async (db) => {
  const [app, worker] = [db.role("app"), db.role("worker")];
  await db.master(
    `create role ${app} login`,
    `create role ${worker} login`,
    `grant ${app} to ${worker}`,
    `grant rds_iam to ${app}`,
    "create table people (id int)",
    `grant select on people to ${app}`,
  );
  const select = revokeWish(app, [onTable("people", ["SELECT"])]);
  await assert.rejects(db.fulfil(select), {
    message:
      `Refused, since it takes more than was asked for: "${worker}" loses SELECT on table "people" in schema "public"`,
  });
  await assert.rejects(db.fulfil(revokeWish(app, [], { iam: true })), {
    message:
      `Refused, since it takes more than was asked for: "${worker}" loses its IAM login (rds_iam); "${worker}" loses membership in role "rds_iam"`,
  });
  await assert.rejects(
    db.fulfil(revokeWish(app, [], { remove: DROP })),
    {
      message:
        `Refused, since it takes more than was asked for: "${worker}" loses membership in role "${app}"; "${worker}" loses its IAM login (rds_iam); "${worker}" loses membership in role "rds_iam"`,
    },
  );
  await db.fulfil(revokeWish(app, [], { remove: DROP }), { force: true });
});

test("S1: whom a user has put into rds_iam stays there when it leaves", async (db) => {
  const [lead, dev] = [db.role("lead"), db.role("dev")];
  await db.master(
    `create role ${lead} login`,
    `create role ${dev} login`,
    `grant rds_iam to ${lead} with admin option`,
  );
  await db.as(lead, [`grant rds_iam to ${dev} with admin option`]);
  const wish = revokeWish(lead, [], { iam: true });
  assert.deepEqual((await db.fulfil(wish)).losses, []);
  assert.deepEqual(
    await db.sql(
      `select concat_ws(' ', pg_has_role('${lead}', 'rds_iam', 'member'),
        pg_has_role('${dev}', 'rds_iam', 'usage with admin option'))`,
    ),
    ["f t"],
  );
});

test("a function with its owner's rights is not handed over without a word", async (db) => {
  const app = db.role("app");
  await db.master(
    `create role ${app} login`,
    `grant ${app} to master`,
    `grant create on schema public to ${app}`,
    "create table people (id int)",
    `grant select on people to ${app}`,
  );
  await db.as(app, [
    "create function peek() returns bigint language sql security definer as 'select count(*) from people'",
    "create function plain() returns int language sql as 'select 1'",
  ]);
  const message =
    'Refused, since it takes more than was asked for: PUBLIC loses what function "peek" in schema "public" did with the rights of its owner';
  for (
    const wish of [
      revokeWish(app, [], { remove: ALL }),
      revokeWish(app, [onTable("people", ["SELECT"])]),
    ]
  ) {
    await assert.rejects(db.fulfil(wish), { kind: "usage", message });
  }
  await db.as(app, ["drop function peek"]);
  await db.fulfil(revokeWish(app, [], { remove: ALL }));
});

test("members of a leaver are told what they will not get on what is created", async (db) => {
  const [app, worker] = [db.role("app"), db.role("worker")];
  await db.master(
    `create role ${app} login`,
    `create role ${worker} login`,
    `create role ${db.role("team")}`,
    `grant ${app} to ${worker}`,
    `grant ${db.role("team")} to ${app}`,
    `alter default privileges grant select on tables to ${app}`,
  );
  const wish = revokeWish(app, [], { remove: ALL });
  await assert.rejects(db.fulfil(wish), {
    message:
      `Refused, since it takes more than was asked for: "${worker}" loses SELECT on future tables of "master" in every schema`,
  });
  assert.deepEqual(told(await db.fulfil(wish, { force: true })), [
    `"${app}" stays a member of "${
      db.role("team")
    }", and keeps what that brings`,
  ]);
});

test("whoever reads through a leaver's view is named", async (db) => {
  const [app, reader] = [db.role("app"), db.role("reader")];
  await db.master(
    `create role ${app} login`,
    `create role ${reader} login`,
    `grant ${app} to master`,
    "create table people (id int)",
    `grant select on people to ${app}`,
    `grant create on schema public to ${app}`,
  );
  await db.as(app, [
    "create view v as select id from people",
    "create view w as select id from v",
    `grant select on v, w to ${reader}`,
  ]);
  await assert.rejects(
    db.fulfil(revokeWish(app, [onTable("people", ["SELECT"])])),
    {
      message:
        `Refused, since it takes more than was asked for: "${reader}" loses rows of view "v" in schema "public" (SELECT); "${reader}" loses rows of view "w" in schema "public" (SELECT)`,
    },
  );
  // The new owner reads the same rows.
  const { losses } = await db.fulfil(revokeWish(app, [], { remove: DROP }));
  assert.deepEqual(losses.filter(({ role }) => role === reader), []);
  assert.deepEqual(await db.as(reader, ["select count(*) from w"]), ["0"]);
});

test("default privileges, types and user mappings of a leaver go with it", async (db) => {
  const [app, bob] = [db.role("app"), db.role("bob")];
  await db.master(
    `create role ${app} login`,
    `create role ${bob} login`,
    `grant ${app} to master`,
    `alter default privileges for role ${app} grant select on tables to ${bob}`,
    `alter default privileges for role ${app} in schema public grant insert on tables to ${bob}`,
    `alter default privileges for role ${app} revoke execute on functions from public`,
    `alter default privileges for role master grant select on tables to ${app}`,
    `create type mood as enum ('ok')`,
    `revoke usage on type mood from public`,
    `grant usage on type mood to ${app}`,
    `grant connect on database ${db.name} to ${app}`,
    `grant usage on schema public to ${app}`,
    `create function f(int, mood) returns int language sql as 'select 1'`,
    `grant execute on function f to ${app}`,
    `select lo_create(4711)`,
    `grant select on large object 4711 to ${app}`,
  );
  await db.sql(
    "create foreign data wrapper w",
    "create server s foreign data wrapper w",
    `grant usage on foreign server s to ${app}`,
    `grant usage on foreign data wrapper w to ${app}`,
    "grant usage on foreign server s to master with grant option",
    "grant usage on foreign data wrapper w to master with grant option",
    `create user mapping for ${app} server s`,
  );
  const wish = revokeWish(app, [], { remove: ALL });
  await assert.rejects(db.fulfil(wish), {
    kind: "usage",
    message:
      `Refused, since it takes more than was asked for: "${bob}" loses SELECT on future tables of "${app}" in every schema; "${bob}" loses INSERT on future tables of "${app}" in schema "public"`,
  });
  await assert.rejects(
    db.fulfil(wish, { force: true }),
    /^RdsiamError: .* is no member of "rdsadmin"/,
  );
  await db.sql(
    "grant rdsadmin to master",
  );
  const { plan } = await db.fulfil(wish, { force: true });
  assert.deepEqual((await db.fulfil(wish, { force: true })).plan.steps, []);
  assert.deepEqual(
    await db.sql(
      `select count(*) from pg_shdepend where refobjid = '${app}'::regrole`,
    ),
    ["0"],
  );
  assert.ok(plan.steps.some(({ kind }) => kind === "drop-user-mapping"));
  await db.fulfil(revokeWish(app, [], { remove: DROP }));
  await db.sql("revoke rdsadmin from master");
});

test("several leavers who granted to each other go in one run", async (db) => {
  const [one, two, bob] = [db.role("one"), db.role("two"), db.role("bob")];
  await db.master(
    ...[one, two, bob].map((name) => `create role ${name} login`),
    "create table t (id int, c int)",
    "create table u (id int)",
    `grant select, update on t to ${one} with grant option`,
    `grant select on u to ${two} with grant option`,
    `grant rds_iam to ${one} with admin option`,
  );
  await db.as(one, [
    `grant select on t to ${two} with grant option`,
    `grant rds_iam to ${two} with admin option`,
  ]);
  await db.as(two, [
    `grant select on u to ${one} with grant option`,
    `grant select on t to ${bob}`,
    `grant rds_iam to ${bob}`,
  ]);
  await db.as(one, [`grant select on u to ${bob}`]);
  const wish = (other: Parameters<typeof revokeWish>[2]) =>
    revokeWish(one, [onTable("t", ["SELECT"]), onTable("u", ["SELECT"])], {
      users: [one, two],
      grantees: [one, two],
      ...other,
    });
  const both = await db.fulfil(wish({ iam: true }));
  assert.deepEqual(both.losses, []);
  assert.deepEqual((await db.fulfil(wish({ iam: true }))).plan.steps, []);
  const has = `select concat_ws(' ', ${
    [one, two, bob].flatMap((name) => [
      `has_table_privilege('${name}', 't', 'SELECT')`,
      `has_table_privilege('${name}', 'u', 'SELECT')`,
      `pg_has_role('${name}', 'rds_iam', 'member')`,
    ]).join(", ")
  })`;
  assert.deepEqual(await db.sql(has), ["f f f f f f t t t"]);
  await db.master(`grant select on t to ${one} with grant option`);
  await db.as(one, [`grant select (c) on t to ${bob}, public`]);
  const gone = await db.fulfil(wish({ remove: DROP }));
  assert.deepEqual(gone.losses, []);
  assert.deepEqual(
    await db.sql(
      "select attacl from pg_attribute where attacl is not null and attrelid = 't'::regclass",
    ),
    [`${bob}=r/master,=r/master`],
  );
});

test("default privileges of an owner who can be joined, and user mappings of a server that is the administrator's, go in the same run", async (db) => {
  const [app, migrations] = [db.role("app"), db.role("migrations")];
  await db.master(`create role ${app} login`, `create role ${migrations}`);
  await db.sql(
    `alter default privileges for role ${migrations} grant select on tables to ${app}`,
    "create foreign data wrapper w",
    "create server s foreign data wrapper w",
    "grant usage on foreign data wrapper w to master",
    "alter server s owner to master",
    `create user mapping for ${app} server s`,
  );
  const members =
    `select count(*) from pg_auth_members where roleid = '${migrations}'::regrole`;
  const before = await db.sql(members);
  assert.deepEqual(
    (await db.fulfil(revokeWish(app, [], { remove: DROP }))).losses,
    [],
  );
  assert.deepEqual(await db.sql(members), before);
  assert.deepEqual(await db.sql("select count(*) from pg_default_acl"), ["0"]);
  assert.deepEqual(await db.sql("select count(*) from pg_user_mappings"), [
    "0",
  ]);
});
