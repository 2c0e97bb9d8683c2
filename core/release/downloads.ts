/** Downloads files. */
export interface Downloads {
  /**
   * Downloads a file whole.
   *
   * @throws {RdsiamError} `failed`, when it cannot be had, or is larger than that
   */
  get(url: string, limitBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}
