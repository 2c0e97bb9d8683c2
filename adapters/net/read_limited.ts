/**
 * Reads the body of an answer whole.
 *
 * @param onPart called as each part comes
 * @throws {Error} when it is larger; the rest is not read
 */
export async function readLimited(
  { body }: Response,
  limitBytes: number,
  onPart: () => void = () => {},
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    onPart();
    length += part.length;
    if (length > limitBytes) {
      throw new Error(`it is larger than ${limitBytes} bytes`);
    }
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
