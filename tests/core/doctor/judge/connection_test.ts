import assert from "node:assert/strict";
import {
  describeAddress,
  judgeNoConnection,
} from "../../../../core/doctor/judge/connection.ts";
import { fakeTarget } from "../../../fakes.ts";

const TARGET = fakeTarget();

Deno.test("describeAddress() tells private addresses", () => {
  const cases: [string, string][] = [
    ["10.1.2.3", "10.1.2.3 (private)"],
    ["172.31.0.9", "172.31.0.9 (private)"],
    ["172.32.0.9", "172.32.0.9"],
    ["100.64.0.1", "100.64.0.1 (private)"],
    ["fd00::1", "fd00::1 (private)"],
    ["127.0.0.1", "127.0.0.1 (this machine)"],
    ["52.1.2.3", "52.1.2.3"],
  ];
  for (const [address, detail] of cases) {
    assert.equal(describeAddress(TARGET, address).detail, detail);
  }
});

Deno.test("judgeNoConnection() knows tunnels, private and public addresses", () => {
  const error = { why: "it is late" };
  function remedy(address: string, securityGroups: string[] = []) {
    const finding = judgeNoConnection(error, TARGET, {
      address,
      securityGroups,
    });
    assert.equal(finding.detail, `${address}:5432: it is late`);
    return finding.status === "failed" ? finding.remedy : undefined;
  }
  assert.equal(
    remedy("127.0.0.1"),
    "Start the tunnel, or give its port to --connect",
  );
  assert.equal(
    remedy("10.0.0.1"),
    "The address is private: reach it through a bastion with --tunnel ssh:BASTION or --tunnel ssm:INSTANCE_ID",
  );
  assert.equal(
    remedy("52.1.2.3", ["sg-1", "sg-2"]),
    "Let this machine's address in, port 5432: security group sg-1, sg-2",
  );
});
