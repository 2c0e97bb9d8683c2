import { encodeRfc3986, signPresignedGet } from "../../core/token/sigv4.ts";
import { parseToken } from "../../core/token/token.ts";
import { VECTOR_SECRET } from "./token_vectors.ts";

/** A token with parameters changed or, where `undefined`, left out, and signed again as whoever has the key can. */
export async function resignToken(
  text: string,
  changes: Record<string, string | undefined>,
): Promise<string> {
  const { address, parameters } = parseToken(text);
  const wanted: Record<string, string | undefined> = {
    ...Object.fromEntries(parameters),
    "X-Amz-Signature": undefined,
    ...changes,
  };
  const signed = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const]
  );
  const [, ...scope] = (wanted["X-Amz-Credential"] ?? "").split("/");
  const signature = await signPresignedGet({
    host: address,
    parameters: signed,
    date: wanted["X-Amz-Date"] ?? "",
    scope: scope.join("/"),
  }, VECTOR_SECRET);
  const query = [...signed, ["X-Amz-Signature", signature] as const]
    .map(([name, value]) => `${name}=${encodeRfc3986(value)}`);
  return `${address}/?${query.join("&")}`;
}
