/** Kills a process and, on Linux, all that it has started. What has ended already is fine. */
export function endTree(pid: number): void {
  for (const one of [pid, ...descendants(pid)]) {
    try {
      Deno.kill(one, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function descendants(pid: number): number[] {
  let children: string;
  try {
    children = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
  } catch {
    return []; // another system, or it has ended
  }
  return children.split(" ").filter(Boolean).map(Number)
    .flatMap((child) => [child, ...descendants(child)]);
}
