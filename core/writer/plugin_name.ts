/** What a plugin may be called: letters, digits, `-` and `_`; no path separator, dot or leading dash. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** Whether a plugin may be looked for by this name. */
export function isPluginName(name: string): boolean {
  return NAME.test(name);
}

/** Whether a writer is named by its path: it holds a separator, or ends as a module does. */
export function isPluginPath(name: string): boolean {
  return /[/\\]/.test(name) || isModulePath(name);
}

/** Whether a file is a module by its name. */
export function isModulePath(path: string): boolean {
  return /\.(ts|js|mjs)$/.test(path);
}
