import assert from "node:assert/strict";
import { publicCrud } from "../../../core/access/preset.ts";
import { grantWish } from "../../core/access/fixtures.ts";
import { useRealServers } from "./real_server.ts";

const test = useRealServers();

test("statements run with the search path that psql would have", async (db) => {
  await db.master("create table public.ddl_log (tag text, path text)");
  await db.sql(
    `create function log_ddl() returns event_trigger language plpgsql security definer as
      $$ begin insert into ddl_log select tg_tag, current_setting('search_path'); end $$`,
    "create event trigger log_ddl on ddl_command_end execute function log_ddl()",
  );
  await db.fulfil(grantWish("s8", publicCrud()));
  const psql = await db.master("show search_path");
  assert.deepEqual(
    [...new Set(await db.sql("select path from public.ddl_log"))],
    psql,
  );
});

test("grant names a schema where everybody may create, and the statement that ends it", async (db) => {
  await db.master("create table orders (id int)");
  const wish = grantWish("s14", publicCrud());
  const { plan } = await db.fulfil(wish);
  const told = () =>
    plan.notices.filter(({ kind }) => kind === "public-creates").map((
      { message },
    ) => message);
  if (db.version >= 150000) assert.deepEqual(told(), []);
  else {
    assert.deepEqual(told(), [
      'Everybody may create objects in schema "public", as PUBLIC has CREATE there (CVE-2018-1058). This ends it: REVOKE CREATE ON SCHEMA "public" FROM PUBLIC',
    ]);
    const again = await db.fulfil(wish, { apply: false });
    assert.deepEqual(again.plan.steps, []);
    assert.equal(again.plan.notices.length, 1);
  }
  await db.master("grant create on schema public to public");
  const open = await db.fulfil(wish, { apply: false });
  assert.deepEqual(open.plan.steps, []);
  assert.equal(open.plan.notices[0]?.kind, "public-creates");
  await db.master("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  const closed = await db.fulfil(wish, { apply: false });
  assert.deepEqual(closed.plan.notices, []);
});
