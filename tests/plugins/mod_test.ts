import assert from "node:assert/strict";
import {
  checkWriter,
  type ContractOptions,
} from "../../plugins/contract/contract.ts";
import { WRITERS } from "../../plugins/mod.ts";
import { FOREIGN } from "./foreign_files.ts";

const PASSFILE = "# mine\nother.example.com:5432:*:me:pass\\:word\n";
const VARIABLES = "# mine\nEDITOR=vi\n";
const TEMPLATE = "{{#each}}{{name}}={{password}}\n{{/each}}";

/** Targets of MySQL, each with an endpoint of `rdsiam proxy` of its own. */
const MYSQL = {
  entry: { engine: "mysql" },
  options: { proxy: "orders=127.0.0.1:13306,billing=127.0.0.1:13307" },
} as const;

/** What to know of each writer that is built in, with each set of options. */
const CONTRACTS: Record<string, readonly ContractOptions[]> = {
  "pgpass": [
    { foreign: [PASSFILE] },
    { foreign: [PASSFILE], options: { database: "own" } },
  ],
  "pgpass-raw": [{ foreign: [PASSFILE] }],
  "mycnf": [{
    entry: { engine: "mysql" },
    direct: true,
    foreign: ["[mysqld]\nuser=me # mine\n"],
  }],
  "env": [
    { single: true, foreign: [VARIABLES] },
    { foreign: [VARIABLES], options: { prefix: "{name}_" } },
    { single: true, options: { format: "shell" } },
  ],
  "url": [{ single: true }],
  "password-file": [{ single: true }, {
    single: true,
    options: { newline: true },
  }],
  "pg-service": [{ foreign: [FOREIGN.service] }],
  "pgadmin": [
    { foreign: [FOREIGN.pgadmin] },
    {
      foreign: [FOREIGN.pgadmin],
      options: { login: "command", group: "Work" },
    },
  ],
  "dbeaver": [
    { foreign: [FOREIGN.dbeaver] },
    { foreign: [FOREIGN.dbeaver], options: { command: "sync" } },
    { foreign: [FOREIGN.dbeaver], ...MYSQL },
    { foreign: [FOREIGN.dbeaver], ...MYSQL, entry: { engine: "mariadb" } },
  ],
  "datagrip": [
    { foreign: [FOREIGN.dataSources] },
    { foreign: [FOREIGN.dataSources], ...MYSQL },
  ],
  "datagrip-local": [
    { foreign: [FOREIGN.dataSourcesLocal] },
    { foreign: [FOREIGN.dataSourcesLocal], ...MYSQL },
  ],
  "sqltools": [{ foreign: [FOREIGN.settings, "// mine\n{\n}\n"] }],
  "pgbouncer": [{ foreign: ['; mine\n"me" "secret"\n'] }],
  "k8s-secret": [{ single: true }],
  "json": [{ whole: true }],
  "template": [{ whole: true, options: { template: TEMPLATE } }],
};

Deno.test("WRITERS has the writers whose contract is known, no name twice", () => {
  const names = WRITERS.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), Object.keys(CONTRACTS).toSorted());
});

for (const { name, load } of WRITERS) {
  for (const given of CONTRACTS[name] ?? []) {
    const options = JSON.stringify(given.options ?? {});
    Deno.test(`${name} keeps the contract of writers with ${options}`, async () => {
      const { default: create } = await load();
      assert.equal(create(given.options).name, name);
      await assert.doesNotReject(checkWriter(create, given));
    });
  }
}
