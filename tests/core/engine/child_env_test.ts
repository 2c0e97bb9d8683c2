import assert from "node:assert/strict";
import {
  applyEnvironment,
  type Login,
  postgresEnvironment,
} from "../../../core/engine/child_env.ts";
import { Secret } from "../../../core/secret.ts";
import { fakeTarget } from "../../fakes.ts";

const PASSFILE: Login = { kind: "passfile", path: "/private/pgpass" };
const PASSWORD: Login = { kind: "password", token: new Secret("token-1") };

Deno.test("postgresEnvironment() logs in with a passfile", () => {
  const target = fakeTarget({ sslrootcert: "/ca.pem" });
  assert.deepEqual(postgresEnvironment(target, PASSFILE), {
    set: {
      PGHOST: "orders.abc.eu-west-1.rds.amazonaws.com",
      PGPORT: "5432",
      PGUSER: "app",
      PGDATABASE: "orders",
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: "/ca.pem",
      PGGSSENCMODE: "disable",
      PGPASSFILE: "/private/pgpass",
    },
    defaults: { NODE_EXTRA_CA_CERTS: "/ca.pem" },
    unset: ["PGSERVICE", "PGREQUIREAUTH", "PGCHANNELBINDING", "PGPASSWORD"],
    clear: ["PGHOSTADDR", "PGSSLROOTCERT"],
  });
});

Deno.test("postgresEnvironment() logs in with a password", () => {
  assert.deepEqual(postgresEnvironment(fakeTarget(), PASSWORD), {
    set: {
      PGHOST: "orders.abc.eu-west-1.rds.amazonaws.com",
      PGPORT: "5432",
      PGUSER: "app",
      PGDATABASE: "orders",
      PGSSLMODE: "verify-full",
      PGGSSENCMODE: "disable",
      PGPASSWORD: "token-1",
    },
    unset: ["PGSERVICE", "PGREQUIREAUTH", "PGCHANNELBINDING"],
    clear: ["PGHOSTADDR", "PGSSLROOTCERT"],
  });
});

Deno.test("postgresEnvironment() keeps the name and dials the other address with connect", () => {
  const connect = { host: "127.0.0.1", port: 15432 };
  const { set } = postgresEnvironment(fakeTarget({ connect }), PASSFILE);
  assert.equal(set.PGHOST, "orders.abc.eu-west-1.rds.amazonaws.com");
  assert.equal(set.PGHOSTADDR, "127.0.0.1");
  assert.equal(set.PGPORT, "15432");
});

Deno.test("applyEnvironment() sets and takes out", () => {
  const inherited = { PATH: "/bin", PGHOST: "other", PGPASSWORD: "x" };
  const change = { set: { PGHOST: "h" }, unset: ["PGPASSWORD", "PGSERVICE"] };
  assert.deepEqual(applyEnvironment(inherited, change), {
    environment: { PATH: "/bin", PGHOST: "h" },
    removed: ["PGPASSWORD"],
  });
  assert.equal(inherited.PGPASSWORD, "x");
});

Deno.test("applyEnvironment() leaves alone what has only a default", () => {
  const change = { set: {}, defaults: { A: "ours", B: "ours" }, unset: [] };
  assert.deepEqual(applyEnvironment({ A: "theirs" }, change).environment, {
    A: "theirs",
    B: "ours",
  });
});

Deno.test("applyEnvironment() says nothing of an empty variable that it takes out", () => {
  assert.deepEqual(
    applyEnvironment({ PGSERVICE: "" }, { set: {}, unset: ["PGSERVICE"] }),
    { environment: {}, removed: [] },
  );
});

Deno.test("applyEnvironment() keeps what is set although it is to be unset", () => {
  assert.deepEqual(
    applyEnvironment({ A: "old" }, { set: { A: "new" }, unset: ["A"] }),
    { environment: { A: "new" }, removed: [] },
  );
});
