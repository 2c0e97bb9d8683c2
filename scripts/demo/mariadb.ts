// deno-lint-ignore-file no-console
import {
  changeSignature,
  ENDPOINT,
  environment,
  KEY,
  RDSIAM,
  show,
  showRefusal,
  startEmulator,
} from "./stage.ts";

const SCHEMA = [
  "create database shop",
  "create table shop.orders (id int auto_increment primary key, item text)",
].join("; ");

/** An IAM account of a real MariaDB, which this machine has to have: `mariadb-server-core` and `mariadb-client-core`. */
export async function demoMariadb(): Promise<void> {
  const emulator = await startEmulator("--engine", "mariadb");
  try {
    const { listen, ca, master } = emulator;
    const [host = "", port = ""] = listen.split(":");
    // The name in the certificate is the endpoint's: here it is not looked at. exec verifies it below.
    const direct = [
      ...["mariadb", "--no-defaults", "-h", host, "-P", port],
      ...["--ssl", "--skip-ssl-verify-server-cert"],
    ];
    const env = {
      ...{ ...environment, ...KEY },
      RDSIAM_TARGET:
        `mariadb://app@${ENDPOINT}/shop?hostaddr=${listen}&sslrootcert=${ca}`,
    };
    const admin = { ...env, MYSQL_PWD: master.password };
    console.log("# The master makes a table …");
    await show(
      `mariadb -u ${master.username} -e "${SCHEMA}"`,
      [...direct, "-u", master.username, "-e", SCHEMA],
      admin,
    );
    console.log("# … and gives an IAM user what it needs.");
    const setup = [
      ...["setup-db", "--admin-username", master.username],
      "--grant-public-crud",
    ];
    await show(
      ["rdsiam", ...setup].join(" "),
      [...RDSIAM, ...setup],
      admin,
    );
    console.log("# The user has no password; this is what it logs in with:");
    const token = await show("rdsiam token", [...RDSIAM, "token"], env);
    console.log("# Any client, logged in and kept able to log in:");
    const sql =
      "insert into orders (item) values ('tea'); select current_user(), orders.* from orders";
    await show(
      `rdsiam exec -- mariadb -t -e "${sql}"`,
      [...RDSIAM, "exec", "--", "mariadb", "-t", "-e", sql],
      env,
    );
    console.log("# One digit of the token's signature changed:");
    await showRefusal(
      'MYSQL_PWD=… mariadb -u app -e "select 1"',
      [...direct, "-u", "app", "-e", "select 1"],
      { ...env, MYSQL_PWD: changeSignature(token) },
      emulator,
    );
  } finally {
    await emulator.stop();
  }
}
