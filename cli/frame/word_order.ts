/** Options with a value that may stand before the command, as psql's, kubectl's and the AWS CLI's users write them. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  ...["--profile", "--region", "--config", "--role-arn"],
  // Those of the AWS CLI, which `rds` takes.
  ...["--output", "--query", "--endpoint-url", "--ca-bundle", "--color"],
  ...["--cli-read-timeout", "--cli-connect-timeout", "--cli-binary-format"],
]);

/** Options that are the program's own. */
const OF_PROGRAM: ReadonlySet<string> = new Set(["--help", "--version"]);

/**
 * The command line with its command first: options that stand before the command are put behind all of its own words, and
 * mean the same there; `help a b` is `a b --help`.
 *
 * @param commands the names of commands that have a help of their own
 */
export function commandFirst(
  args: readonly string[],
  commands: readonly string[] = [],
): readonly string[] {
  const [first, command = ""] = args;
  if (first === "help") {
    return commands.includes(command) ? [...args.slice(1), "--help"] : args;
  }
  let start = 0;
  while (args[start]?.startsWith("-")) {
    const option = args[start] ?? "";
    if (option === "--" || OF_PROGRAM.has(option)) return args;
    start += WITH_VALUE.has(option) ? 2 : 1;
  }
  if (start === 0 || start >= args.length) return args;
  const words = args.slice(start);
  const end = words.indexOf("--");
  const own = end < 0 ? words : words.slice(0, end);
  return [...own, ...args.slice(0, start), ...words.slice(own.length)];
}
