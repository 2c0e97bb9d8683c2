/** A writer as simple as can be, for tests of how files are changed: an entry is a comment and a line. */

import assert from "node:assert/strict";

const PASSWORD = /^([0-9a-f-]{36})\1{24}$/;

/** Puts a user's entry into a passfile, with a new and long password. */
export function renderEntry(oldText: string, user: string): string {
  const mark = `# managed ${user}`;
  const password = crypto.randomUUID().repeat(25);
  const entry = `${mark}\n*:*:*:${user}:${password}\n`;
  const begin = oldText.indexOf(`${mark}\n`);
  if (begin === -1) return oldText + entry;
  const lineEnd = oldText.indexOf("\n", begin + mark.length + 1);
  return oldText.slice(0, begin) + entry + oldText.slice(lineEnd + 1);
}

/** Checks that every line of a passfile is whole, and gives how often each user's is there. */
export function countUsers(text: string): Map<string, number> {
  assert.ok(text === "" || text.endsWith("\n"), "The last line is not whole");
  const counts = new Map<string, number>();
  for (const line of text.split("\n").slice(0, -1)) {
    if (/^# managed \w+$/.test(line)) continue;
    const [host, port, database, user = "", password = "", ...more] = line
      .split(":");
    assert.deepEqual([host, port, database, more], ["*", "*", "*", []], line);
    assert.match(user, /^\w+$/);
    if (!user.startsWith("foreign")) assert.match(password, PASSWORD);
    counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  return counts;
}
