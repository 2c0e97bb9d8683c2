/** Where a configuration file stands. */
export interface ConfigPlace {
  /** Its absolute path. */
  file: string;
  /** The home folder, which `~` stands for. */
  home: string | undefined;
}
