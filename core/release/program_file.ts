/** The file of a program that may be running. */
export interface ProgramFile {
  /**
   * Puts a new program in its place, at once, after it was run and said that it is this version of rdsiam.
   *
   * @throws {RdsiamError} `failed`, with what stood in the way; the old one stands then
   */
  replace(bytes: Uint8Array, version: string): Promise<void>;
}
