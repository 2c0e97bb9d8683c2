/** Kills a process and all that it has started. What has ended already is fine. */
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
  if (Deno.build.os === "windows") return [];
  const pairs = listProcesses();
  function below(parent: number): number[] {
    return pairs.filter((pair) => pair.parent === parent)
      .flatMap(({ pid }) => [pid, ...below(pid)]);
  }
  return below(pid);
}

/** Every process; none where `ps` is not there. `/proc` is not open to a program of few permissions. */
function listProcesses(): { pid: number; parent: number }[] {
  try {
    const { stdout } = new Deno.Command("ps", {
      args: ["-A", "-o", "pid=,ppid="],
    }).outputSync();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return lines.map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return { pid, parent };
    });
  } catch {
    return [];
  }
}
