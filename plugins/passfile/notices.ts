/** How many are listed before the rest is counted. */
const LISTED = 3;

/** Says that entries were put above a line that would have been read in their place. */
export function shadowNotice(line: number, names: readonly string[]): string {
  return `Line ${line} would be read first: ${list(names)} put above it`;
}

/** Says that lines are no passfile's, which not every client bears. */
export function malformedNotice(lines: readonly number[]): string {
  const are = lines.length === 1
    ? `Line ${lines[0]} is`
    : `Lines ${list(lines.map(String))} are`;
  return `${are} not host:port:database:username:password: psql skips that, JDBC, Npgsql or asyncpg may fail at it`;
}

/** Says that entries were left out because a passfile serves PostgreSQL alone. */
export function engineNotice(names: readonly string[]): string {
  return `No PostgreSQL, and so not in a passfile: ${list(names)}`;
}

function list(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return rest > 0
    ? `${names.slice(0, LISTED).join(", ")} and ${rest} more`
    : names.join(", ");
}
