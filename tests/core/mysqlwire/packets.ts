import fc from "fast-check";
import {
  CAPABILITIES,
  changeFlags,
} from "../../../core/mysqlwire/capabilities.ts";
import type { Greeting } from "../../../core/mysqlwire/greeting.ts";
import type { HandshakeResponse } from "../../../core/mysqlwire/handshake_response.ts";

/** Greetings that real servers have sent, their salts included. */
export const GREETINGS = {
  "MariaDB 10.11":
    "0a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100040000007a5e472a37766f4b00feff080200ff81150000000000001d000000664359776c38704e747e3d54006d7973716c5f6e61746976655f70617373776f726400",
  "MariaDB 11.8":
    "0a31312e382e392d4d6172696144422d302b646562313375312066726f6d2044656269616e00040000006f31423832313d2300feff2d0200ff81150000000000003d00000032736c475e222b5034517c3d006d7973716c5f6e61746976655f70617373776f726400",
  "MySQL 9.7":
    "0a392e372e342d3200090000002013016c3565253100ffffff0200ffdf150000000000000000000019553610612e2b17093678220063616368696e675f736861325f70617373776f726400",
};

function bytes(length: number) {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

/** A text without a zero byte, as bytes. */
function name(maxLength = 40) {
  return fc.uint8Array({ min: 1, minLength: 1, maxLength });
}

const plugins = fc.constantFrom(
  "caching_sha2_password",
  "mysql_native_password",
  "client_ed25519",
);

/** Greetings as any server may send them. */
export const anyGreeting: fc.Arbitrary<Greeting> = fc.record({
  version: name(),
  threadId: fc.nat(0xffffffff),
  capabilities: fc.nat(0xffffffff),
  charset: fc.nat(255),
  status: fc.nat(0xffff),
  reserved: bytes(10),
  salt: fc.uint8Array({ min: 1, minLength: 20, maxLength: 20 }),
  plugin: plugins,
});

/** Responses whose flags say what is in them. */
export const anyResponse: fc.Arbitrary<HandshakeResponse> = fc.record({
  others: fc.nat(0xffffffff),
  maxPacket: fc.nat(0xffffffff),
  charset: fc.nat(255),
  filler: bytes(23),
  username: fc.uint8Array({ min: 1, maxLength: 40 }),
  proof: fc.uint8Array({ maxLength: 4000 }),
  database: fc.option(name(), { nil: new Uint8Array() }),
  plugin: fc.option(plugins, { nil: undefined }),
  attributes: fc.option(fc.uint8Array({ maxLength: 500 }), { nil: undefined }),
  zstdLevel: fc.option(fc.integer({ min: 1, max: 22 }), { nil: undefined }),
}).map(({ others, ...response }) => {
  const add = CAPABILITIES.PROTOCOL_41 | CAPABILITIES.PLUGIN_AUTH_LENENC;
  const flags: [boolean, number][] = [
    [response.database.length > 0, CAPABILITIES.CONNECT_WITH_DB],
    [response.plugin !== undefined, CAPABILITIES.PLUGIN_AUTH],
    [response.attributes !== undefined, CAPABILITIES.CONNECT_ATTRS],
    [response.zstdLevel !== undefined, CAPABILITIES.ZSTD],
  ];
  const capabilities = flags.reduce(
    (all, [isThere, flag]) =>
      changeFlags(all, isThere ? { add: flag } : { remove: flag }),
    changeFlags(others, { add }),
  );
  return { ...response, capabilities };
});
