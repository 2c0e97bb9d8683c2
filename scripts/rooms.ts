/**
 * The map of the source: which room may import from which. The lint plugin holds it, a test checks it against the folders and
 * against `.github/CONTRIBUTING.md`.
 *
 * @module
 */

/** A floor: the folders of one layer. */
export interface Floor {
  /** The floors below that it may import from, any room of them. */
  below: readonly string[];
  /**
   * Its rooms by their folder, `.` for its own files, each with the rooms of the same floor that it may import from. Those
   * stand above it, so that no circle can be written down.
   */
  rooms: Readonly<Record<string, readonly string[]>>;
}

/** Every floor by its folder, the lowest first. */
export const FLOORS: Readonly<Record<string, Floor>> = {
  core: {
    below: [],
    rooms: {
      ".": [],
      "text": ["."],
      "ports": ["."],
      "emulator": ["ports"],
      "passfile": ["."],
      "pgwire": [".", "text"],
      "mysqlwire": ["text"],
      "token": ["."],
      "aws": [".", "token"],
      "engine": [".", "passfile"],
      "target": [".", "engine", "text"],
      "roots": [".", "target"],
      "release": [".", "target"],
      "policy": [".", "target"],
      "writer": [".", "engine"],
      "config": [".", "engine", "target", "text", "writer"],
      "daemon": [".", "config"],
      "rds": [".", "aws", "config", "engine", "policy", "target"],
      "access": [".", "text"],
      "access/mysql": [".", "access", "text"],
      "access/mysql/planner": [".", "access", "access/mysql", "text"],
      "access/mysql/check": ["access", "access/mysql"],
      "access/postgres": [".", "access"],
      "access/planner": [".", "access", "text"],
      "access/check": [".", "access"],
      "tunnel": [".", "engine", "ports", "target", "text"],
      "tunnel/ssm": ["."],
      "database": [".", "access", "engine", "ports", "roots", "target"],
      "doctor": [".", "target", "text"],
      "doctor/judge": [
        "access",
        "access/mysql",
        "database",
        "doctor",
        "engine",
        "passfile",
        "policy",
        "rds",
        "target",
        "text",
        "token",
      ],
    },
  },
  services: {
    below: ["core"],
    rooms: {
      "access": [],
      "access/mysql": ["access"],
      "connection": [],
      "rds": [],
      "release": [],
      "target": [],
      "token": [],
      "tunnel": ["connection", "token"],
      "doctor": ["tunnel"],
      "exec": ["token", "tunnel"],
      "sync": ["token"],
      "emulator": ["connection"],
      "emulator/mysql": ["emulator"],
      "proxy": ["connection", "token", "tunnel"],
      "proxy/mysql": ["connection", "proxy"],
    },
  },
  adapters: {
    below: ["core"],
    rooms: {
      "files": [],
      "net": [],
      "terminal": [],
      "passfile": [],
      "config": ["files"],
      "process": ["files"],
      "credentials": ["files", "process", "terminal"],
      "aws": ["credentials"],
      "roots": ["files", "net"],
      "postgres": ["net", "process"],
      "mysql": ["net", "postgres", "process"],
      "local_server": ["process"],
      "mysql_server": ["files", "local_server", "process"],
      "postgres_server": ["files", "local_server", "process"],
      "emulator": ["net", "postgres_server"],
      "proxy": [],
      "release": ["files", "net", "process"],
      "tunnel/ssm": ["aws", "local_server", "net", "process"],
      "tunnel": ["aws", "local_server", "net", "process", "tunnel/ssm"],
      "writer": ["process"],
    },
  },
  plugins: {
    below: ["core"],
    rooms: {
      "contract": [],
      "formats": ["contract"],
      "clients": ["contract", "formats"],
      "passfile": ["contract"],
      ".": ["clients", "contract", "formats", "passfile"],
    },
  },
  cli: {
    below: ["core", "services", "adapters", "plugins"],
    rooms: {
      "frame": [],
      "man": ["frame"],
      "daemon": ["frame"],
      "emulator": ["frame"],
      "roots": ["frame"],
      "target": ["frame"],
      "writer": ["frame"],
      "completion": ["frame", "writer"],
      "policy": ["frame", "target"],
      "targets": ["frame", "target"],
      "access": ["frame", "roots", "target"],
      "doctor": ["access", "frame", "roots", "target"],
      "proxy": ["frame", "roots", "target"],
      "exec": ["frame", "proxy", "roots", "target"],
      "sync": ["frame", "roots", "target", "writer"],
      "commands": [
        "access",
        "completion",
        "daemon",
        "doctor",
        "emulator",
        "exec",
        "frame",
        "policy",
        "proxy",
        "roots",
        "sync",
        "target",
        "targets",
        "writer",
      ],
      ".": ["commands", "completion", "frame"],
    },
  },
};

/** Where a file stands. */
export interface Place {
  floor: string;
  /** Its folder below the floor's; `.` for the floor's own. */
  room: string;
}

/** Where a file stands; `undefined` for one that is on no floor. */
export function placeOf(path: string): Place | undefined {
  const [floor = "", ...rest] = path.split("/");
  if (!(floor in FLOORS) || rest.length === 0) return undefined;
  return { floor, room: rest.slice(0, -1).join("/") || "." };
}

/**
 * Why a file may not import another one, both as paths below the repository's folder; `undefined` where it may, or where it
 * stands on no floor.
 */
export function importProblem(from: string, to: string): string | undefined {
  if (!to.endsWith(".ts")) return undefined; // data beside it, and the version in deno.json
  const here = placeOf(from);
  const there = placeOf(to);
  if (from === "mod.ts") {
    return there === undefined || there.floor === "cli"
      ? `mod.ts must not import from ${to}`
      : undefined;
  }
  if (here === undefined) return undefined;
  const { below, rooms } = FLOORS[here.floor] as Floor;
  if (there === undefined || there.floor !== here.floor) {
    if (there !== undefined && below.includes(there.floor)) return undefined;
    return `${here.floor} must not import from ${there?.floor ?? to}`;
  }
  if (there.room === here.room) return undefined;
  const allowed = rooms[here.room];
  if (allowed === undefined) {
    return `${here.floor}/${here.room} is no room that scripts/rooms.ts knows`;
  }
  return allowed.includes(there.room)
    ? undefined
    : `${here.floor}/${here.room} must not import from ${here.floor}/${there.room} (scripts/rooms.ts)`;
}
