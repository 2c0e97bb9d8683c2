/** How many columns the terminal of this process has; 80 when there is no telling. */
export function terminalWidth(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
