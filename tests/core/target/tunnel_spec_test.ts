import assert from "node:assert/strict";
import fc from "fast-check";
import {
  describeTunnel,
  formatTunnel,
  parseTunnel,
  type TunnelSpec,
} from "../../../core/target/tunnel_spec.ts";
import { RdsiamError } from "../../../core/errors.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,20}$/);
const host = fc.oneof(name, fc.ipV4(), fc.constant("fd00::17"));
const port = fc.integer({ min: 1, max: 65535 });
const hex = fc.stringMatching(/^[0-9a-f]{17}$/);
const word = fc.stringMatching(/^[\w-]{1,30}$/);

const specs: fc.Arbitrary<TunnelSpec> = fc.oneof(
  fc.record({
    kind: fc.constant("ssh" as const),
    user: name,
    host,
    port,
  }, { requiredKeys: ["kind", "host"], noNullPrototype: true }),
  hex.map((id): TunnelSpec => ({ kind: "ssm", instance: { id: `i-${id}` } })),
  fc.tuple(
    fc.stringMatching(/^[\w:-]{1,20}$/),
    fc.stringMatching(/^\S.{0,20}$/),
  )
    .map(([key, value]): TunnelSpec => ({
      kind: "ssm",
      instance: { tag: { key, value } },
    })),
  fc.record({
    kind: fc.constant("ecs" as const),
    cluster: word,
    service: word,
  }, { noNullPrototype: true }),
  fc.record({
    kind: fc.constant("socks5" as const),
    host,
    port,
    user: name,
  }, { requiredKeys: ["kind", "host", "port"], noNullPrototype: true }),
  fc.constantFrom("nc %h %p", "ssh -W %h:%p b", "x 100%% %h")
    .map((command): TunnelSpec => ({ kind: "command", command })),
);

Deno.test("what formatTunnel() writes, parseTunnel() reads", () => {
  fc.assert(fc.property(specs, (spec) => {
    assert.deepEqual(parseTunnel(formatTunnel(spec), "--tunnel"), spec);
  }));
});

Deno.test("any text is a tunnel or a usage error", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.tuple(
      fc.constantFrom("ssh:", "ssm:", "ecs:", "socks5://", "%h "),
      fc.string(),
    ).map((parts) => parts.join("")),
  );
  fc.assert(fc.property(texts, (text) => {
    try {
      parseTunnel(text, "--tunnel");
    } catch (error) {
      assert.equal((error as { kind?: string }).kind, "usage");
    }
  }));
});

Deno.test("ssh://, socks5h:// and managed nodes are read, too", () => {
  assert.deepEqual(parseTunnel("ssh://me@bastion:2222", "--tunnel"), {
    kind: "ssh",
    user: "me",
    host: "bastion",
    port: 2222,
  });
  assert.deepEqual(parseTunnel("socks5h://127.0.0.1:1080/", "--tunnel"), {
    kind: "socks5",
    host: "127.0.0.1",
    port: 1080,
  });
  assert.deepEqual(parseTunnel("ssm:mi-0123456789abcdef0", "--tunnel"), {
    kind: "ssm",
    instance: { id: "mi-0123456789abcdef0" },
  });
});

Deno.test("what is no tunnel is refused with what to write", () => {
  refuses("bastion", 'Tunnel "bastion" of --tunnel is not valid', /^Give ssh:/);
  refuses(
    "ssh:-oProxyCommand=x",
    'Tunnel "ssh:-oProxyCommand=x" of --tunnel is not valid',
    /ssh:\[USER@\]BASTION/,
  );
  refuses(
    "ssh:-l@bastion",
    'Tunnel "ssh:-l@bastion" of --tunnel is not valid',
    /ssh:\[USER@\]BASTION/,
  );
  refuses(
    "ssm:bastion",
    'Tunnel "ssm:bastion" of --tunnel is not valid',
    /tag/,
  );
  refuses("ecs:web", 'Tunnel "ecs:web" of --tunnel is not valid', /CLUSTER/);
  refuses(
    "nc db 5432",
    "Command of --tunnel has no %h, which stands for the host to dial",
    /nc %h %p/,
  );
  refuses(
    "nc %h %d",
    "Command of --tunnel has %d, which stands for nothing",
    /%%/,
  );
  refuses("ssh:bastion:0", 'Port "0" of --tunnel is not valid', /65535/);
  refuses(
    "socks5://localhost",
    "SOCKS5 server of --tunnel is not valid",
    /HOST:PORT/,
  );
});

Deno.test("a password in a SOCKS5 URL is refused and not repeated", () => {
  refuses(
    "socks5://me:hunter2@proxy:1080",
    "SOCKS5 server of --tunnel holds a password, which does not belong there",
    /RDSIAM_SOCKS_PASSWORD/,
  );
});

Deno.test("of a command, messages name the program alone", () => {
  const spec = parseTunnel("kubectl exec -i pod -- nc %h %p", "--tunnel");
  assert.equal(describeTunnel(spec), "command kubectl");
});

function refuses(text: string, message: string, hint: RegExp) {
  assert.throws(() => parseTunnel(text, "--tunnel"), (error) => {
    assert.ok(error instanceof RdsiamError);
    assert.deepEqual([error.kind, error.message], ["usage", message]);
    assert.match(error.hint ?? "", hint);
    return true;
  });
}
