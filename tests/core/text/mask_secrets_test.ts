import assert from "node:assert/strict";
import fc from "fast-check";
import { maskSecrets } from "../../../core/text/mask_secrets.ts";
import { Secret } from "../../../core/secret.ts";
import { anyCharacter } from "../../any_character.ts";

const TOKEN =
  "db.example:5432/?Action=connect&DBUser=app&X-Amz-Signature=0123abcd&X-Amz-Date=20260115T000000Z";

Deno.test("maskSecrets() masks a token, plain and percent-encoded", () => {
  const secret = new Secret(TOKEN);
  const text = `bad: ${TOKEN}, postgres://app:${encodeURIComponent(TOKEN)}@h`;
  assert.equal(
    maskSecrets(text, [secret]),
    "bad: [secret], postgres://app:[secret]@h",
  );
});

Deno.test("maskSecrets() masks what signs a token that it was not told of, or that was cut", () => {
  assert.equal(
    maskSecrets(`line "${TOKEN.slice(10, 67)}"`, []),
    'line ":5432/?Action=connect&DBUser=app&X-Amz-Signature=[secret]"',
  );
  assert.equal(
    maskSecrets("X-Amz-Security-Token%3Dabc%252B X-Amz-Signature=1&x", []),
    "X-Amz-Security-Token%3D[secret] X-Amz-Signature=[secret]&x",
  );
});

Deno.test("maskSecrets() leaves everything else, and an empty secret masks nothing", () => {
  const text = "Line 3 of ~/.pgpass is odd";
  assert.equal(maskSecrets(text, [new Secret("")]), text);
});

Deno.test("maskSecrets() leaves no secret anywhere", () => {
  const word = fc.string({ unit: anyCharacter, minLength: 6, maxLength: 40 });
  fc.assert(fc.property(word, fc.string(), fc.string(), (value, a, b) => {
    fc.pre(!"[secret]".includes(value));
    const masked = maskSecrets(`${a}${value}${b}`, [new Secret(value)]);
    assert.ok(masked.includes("[secret]"));
    assert.ok(!masked.split("[secret]").some((part) => part.includes(value)));
  }));
});
