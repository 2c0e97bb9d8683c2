import { dirname } from "node:path";
import { RdsiamError } from "../../core/errors.ts";

/**
 * The error for a file that the system does not let be read or changed: what failed, why, and what to do.
 *
 * @param deed what could not be done: `changed`
 */
export function fileError(
  path: string,
  deed: "read" | "changed",
  cause: unknown,
): unknown {
  if (cause instanceof RdsiamError || !(cause instanceof Error)) return cause;
  if (cause instanceof Deno.errors.NotCapable) {
    // All of the user's files are open to rdsiam: Deno keeps /dev, /proc and the like to itself.
    return new RdsiamError(
      "failed",
      `File "${path}" is not used: it is a device`,
      {
        hint: "Name a plain file",
        cause,
      },
    );
  }
  const [why, hint] = explain(path, deed, cause);
  return new RdsiamError("failed", `File "${path}" cannot be ${deed}: ${why}`, {
    ...(hint === undefined ? {} : { hint }),
    cause,
  });
}

function explain(
  path: string,
  deed: "read" | "changed",
  cause: Error & { code?: unknown },
): [why: string, hint?: string] {
  const mayNot = deed === "read"
    ? `Check its owner and mode: ls -l '${path}'`
    : `Both must be yours to write to, since a new file takes the old one's place: ls -ld '${
      dirname(path)
    }' '${path}'`;
  switch (cause.code) {
    case "ENOSPC":
      return ["the disk is full", "Free some space; the old content stands"];
    case "EDQUOT":
      return [
        "your disk quota is used up",
        "Free some space; the old content stands",
      ];
    case "EACCES":
    case "EPERM":
      return ["permission denied", mayNot];
    case "EROFS":
      return ["its file system is read-only", mayNot];
    case "EISDIR":
      return ["it is a folder", "Name a plain file"];
    case "EBUSY":
    case "EXDEV":
      return [
        "it is a mount point of its own",
        "Mount its folder instead of the file alone",
      ];
    default:
      return [systemMessage(cause)];
  }
}

/** What the system says of a failure, without the number and the place that Deno adds. */
export function systemMessage({ message }: Error): string {
  // deno-lint-ignore rdsiam/no-prose -- Deno's own
  return message.replace(/ \(os error \d+\).*$/s, "");
}
