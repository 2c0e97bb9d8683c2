import assert from "node:assert/strict";
import { jdbcUrl } from "../../../plugins/formats/jdbc_url.ts";

Deno.test("jdbcUrl() percent-encodes the database and the parameters, but for slashes", () => {
  assert.equal(
    jdbcUrl({
      host: "::1",
      port: 5432,
      database: "a/b?c",
      parameters: { sslrootcert: "/a b/&c+d.pem", sslmode: "verify-ca" },
    }),
    "jdbc:postgresql://[::1]:5432/a%2Fb%3Fc?sslrootcert=/a%20b/%26c%2Bd.pem&sslmode=verify-ca",
  );
  assert.equal(
    jdbcUrl({ host: "h", port: 1, database: "d" }),
    "jdbc:postgresql://h:1/d",
  );
});
