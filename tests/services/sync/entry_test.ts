import assert from "node:assert/strict";
import { Secret } from "../../../core/secret.ts";
import { writerEntry } from "../../../services/sync/entry.ts";
import { fakeTarget, START } from "../../fakes.ts";

const PLACES = { roots: "/roots.pem", passfile: "/pgpass", rdsiam: ["/r"] };
const TOKEN = {
  secret: new Secret("token"),
  issuedAt: START,
  expiresAt: START + 900_000,
};

Deno.test("writerEntry() has the target, its token and the places it points to", () => {
  const target = fakeTarget();
  const named = { name: "orders", target };
  const { password, ...rest } = writerEntry(named, TOKEN, PLACES, () => {});
  const { region: _, ...login } = target;
  assert.equal(password.reveal(), "token");
  assert.deepEqual(rest, {
    name: "orders",
    ...login,
    sslrootcert: "/roots.pem",
    passfile: "/pgpass",
    rdsiam: ["/r"],
    expiresAt: START + 900_000,
  });
});

Deno.test("writerEntry() has an empty password where there is no token", () => {
  const named = { name: "orders", target: fakeTarget() };
  const entry = writerEntry(named, undefined, PLACES, () => {});
  assert.deepEqual([entry.password.reveal(), entry.expiresAt], ["", 0]);
});

Deno.test("writerEntry() tells when rdsiam's own roots are asked for, not when the target's are", () => {
  let asked = 0;
  const own = { name: "own", target: fakeTarget({ sslrootcert: "/own.pem" }) };
  const onRoots = () => void asked++;
  assert.equal(
    writerEntry(own, TOKEN, PLACES, onRoots).sslrootcert,
    "/own.pem",
  );
  assert.equal(asked, 0);
  const named = { name: "orders", target: fakeTarget() };
  assert.equal(
    writerEntry(named, TOKEN, PLACES, onRoots).sslrootcert,
    "/roots.pem",
  );
  assert.equal(asked, 1);
});

Deno.test("writerEntry() has the address that is dialled, and the name that was given for it", () => {
  const connect = { host: "10.0.0.7", port: 15432 };
  const target = fakeTarget({ connect });
  const named = { name: "orders", target, connectName: "bastion" };
  const entry = writerEntry(named, TOKEN, PLACES, () => {});
  assert.deepEqual(entry.connect, { ...connect, name: "bastion" });
});
