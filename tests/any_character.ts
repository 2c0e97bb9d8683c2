import fc from "fast-check";

/**
 * Any one character, for `fc.string({ unit: anyCharacter })`: every code point but half a surrogate pair, as fast-check's
 * own `unit: "binary"`, which takes seconds to make in each test file.
 */
export const anyCharacter: fc.Arbitrary<string> = fc
  .nat({ max: 0x10ffff - 0x800 })
  .map(
    (number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800),
    (character) => {
      const code = typeof character === "string" &&
          [...character].length === 1
        ? character.codePointAt(0)
        : undefined;
      if (code === undefined || code >= 0xd800 && code < 0xe000) {
        throw new Error("No character");
      }
      return code < 0xd800 ? code : code - 0x800;
    },
  );
