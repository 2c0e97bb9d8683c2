import assert from "node:assert/strict";
import {
  parseTunnel,
  type SshTunnelSpec,
} from "../../../core/target/tunnel_spec.ts";
import {
  explainSsh,
  sshForwardArgs,
  sshMasterArgs,
  sshStdioArgs,
} from "../../../core/tunnel/ssh.ts";

const SPEC = parseTunnel("ssh:me@bastion:2222", "--tunnel") as SshTunnelSpec;

Deno.test("the bastion is ssh's last argument, where nothing is taken for an option", () => {
  const end = ["-p", "2222", "-l", "me", "--", "bastion"];
  const address = { host: "fd00::1", port: 5432 };
  const path = "/tmp/0.sock";
  const calls = [
    sshMasterArgs(SPEC, "/tmp/ctl"),
    sshForwardArgs("forward", SPEC, "/tmp/ctl", { path, address }),
    sshStdioArgs(SPEC, address),
  ];
  for (const args of calls) {
    assert.deepEqual(args.slice(-end.length), end);
    assert.ok(args.includes("BatchMode=yes"));
  }
  assert.ok(calls[1]?.includes("/tmp/0.sock:[fd00::1]:5432"));
  assert.ok(calls[2]?.includes("[fd00::1]:5432"));
});

/** What OpenSSH 9.2 prints, and what it is taken for. */
const SAYINGS: [line: string, reason: string, why: RegExp][] = [
  [
    "Host key verification failed.",
    "host-key",
    /^the bastion's host key is not known$/,
  ],
  [
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.",
    "host-key",
    /changed/,
  ],
  [
    "me@bastion: Permission denied (publickey,password).",
    "login",
    /refuses the login \(it takes publickey, password\)/,
  ],
  [
    "ssh: Could not resolve hostname bastion: Name or service not known",
    "bastion-name",
    /"bastion" has no address/,
  ],
  [
    "ssh: connect to host 10.0.0.9 port 22: Connection timed out",
    "bastion",
    /10\.0\.0\.9 port 22: connection timed out/,
  ],
  [
    "Connection timed out during banner exchange",
    "bastion",
    /hung up/,
  ],
  [
    "kex_exchange_identification: Connection closed by remote host",
    "bastion",
    /hung up/,
  ],
  ["Timeout, server bastion not responding.", "timeout", /any more/],
  [
    "channel 2: open failed: connect failed: Connection refused",
    "target",
    /^connection refused$/,
  ],
  [
    "channel 2: open failed: connect failed: Name or service not known",
    "target-name",
    /no address/,
  ],
  [
    "channel 2: open failed: administratively prohibited: open failed",
    "forbidden",
    /does not allow forwarding/,
  ],
];

for (const [text, reason, why] of SAYINGS) {
  Deno.test(`explainSsh() understands: ${text.split("\n")[0]}`, () => {
    const fault = explainSsh(
      ["Warning: something else", ...text.split("\n")],
      SPEC,
    );
    assert.equal(fault?.reason, reason);
    assert.match(fault?.why ?? "", why);
    assert.ok((fault?.hint ?? "").length > 0);
  });
}

Deno.test("explainSsh() says what to do about a bastion that wants a password", () => {
  const fault = explainSsh(
    ["me@bastion: Permission denied (keyboard-interactive)."],
    SPEC,
  );
  assert.match(fault?.hint ?? "", /ssh-add.*ssh -M -p 2222 me@bastion/);
});

Deno.test("explainSsh() leaves what it does not know", () => {
  assert.equal(
    explainSsh(["Pseudo-terminal will not be allocated"], SPEC),
    undefined,
  );
});
