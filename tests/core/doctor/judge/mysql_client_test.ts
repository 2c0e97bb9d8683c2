import assert from "node:assert/strict";
import { judgeMysqlClient } from "../../../../core/doctor/judge/mysql_client.ts";

Deno.test("judgeMysqlClient() tells whose client it is by its version", () => {
  const cases: [string, string][] = [
    [
      "mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper",
      "MariaDB's 10.11.19 at /bin/mysql, which takes tokens as it is",
    ],
    [
      "mariadb from 11.8.9-MariaDB, client 15.2 for debian-linux-gnu (x86_64) using  EditLine wrapper",
      "MariaDB's 11.8.9 at /bin/mysql, which takes tokens as it is",
    ],
    [
      "mysql  Ver 9.7.4 for Linux on x86_64 ((Debian))",
      "MySQL's 9.7.4 at /bin/mysql, which wants --enable-cleartext-plugin; rdsiam exec sees to it",
    ],
    [
      "mysql  Ver 14.14 Distrib 5.7.44, for Linux (x86_64) using  EditLine wrapper",
      "MySQL's 5.7.44 at /bin/mysql, which wants --enable-cleartext-plugin; rdsiam exec sees to it",
    ],
    ["what", "/bin/mysql does not tell its version"],
  ];
  for (const [version, detail] of cases) {
    assert.equal(judgeMysqlClient("/bin/mysql", version).detail, detail);
  }
});
