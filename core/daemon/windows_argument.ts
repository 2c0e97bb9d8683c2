/**
 * An argument in a Windows command line, as `CommandLineToArgvW` and the C runtime read it back: a backslash counts as
 * an escape before a quote alone ("Parsing C++ command-line arguments" of Microsoft's manual).
 */
export function quoteWindowsArgument(text: string): string {
  if (/^[\w./:\\@%+=,-]+$/.test(text)) return text;
  const escaped = text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(
    /\\+$/,
    "$&$&",
  );
  return `"${escaped}"`;
}
