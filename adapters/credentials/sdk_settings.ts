/** The SDK warns on the console by default. */
export const SILENT = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/**
 * How the SDK's clients name their caller. Their own way asks for the release of the operating system, which takes one
 * permission more.
 */
export const USER_AGENT = {
  defaultUserAgentProvider: () =>
    Promise.resolve<[string][]>([["rdsiam"], ["lang/js"]]),
};
