/** A socket that systemd has opened for this process. */
export interface PassedSocket {
  fd: number;
  /** `FileDescriptorName=` of its unit; empty where there is none. */
  name: string;
}

/** The first descriptor that is passed: `SD_LISTEN_FDS_START` of sd-daemon.h. */
const FIRST_FD = 3;

/** The sockets that systemd has opened for this process (sd_listen_fds(3)). */
export function passedSockets(
  environment: Readonly<Record<string, string | undefined>>,
): PassedSocket[] {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = "" } = environment;
  if (LISTEN_PID !== String(Deno.pid)) return [];
  const names = LISTEN_FDNAMES.split(":");
  return Array.from({ length: Number(LISTEN_FDS) || 0 }, (_, index) => ({
    fd: FIRST_FD + index,
    name: names[index] ?? "",
  }));
}

/**
 * Tells systemd about this process, `READY=1` and the like (sd_notify(3)); nobody where it was not started so.
 *
 * @throws when it cannot be told
 */
export async function notifySystemd(
  environment: Readonly<Record<string, string | undefined>>,
  state: string,
): Promise<void> {
  const { NOTIFY_SOCKET } = environment;
  if (!NOTIFY_SOCKET) return;
  // Deno sends datagrams from a socket with a name of its own only.
  const folder = await Deno.makeTempDir({ prefix: "rdsiam-notify-" });
  try {
    const path = `${folder}/socket`;
    const socket = Deno.listenDatagram({ transport: "unixpacket", path });
    try {
      await socket.send(new TextEncoder().encode(state), {
        transport: "unixpacket",
        // A name that begins so stands for one outside of the file system.
        path: NOTIFY_SOCKET.replace(/^@/, "\0"),
      });
    } finally {
      socket.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
