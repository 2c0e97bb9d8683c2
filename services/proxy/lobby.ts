import type { Connection } from "../connection/connection.ts";
import type { SharedPorts } from "./shared_ports.ts";

/**
 * Takes a place for as long as the login takes. A client that has one is sent away when the proxy ends.
 *
 * @throws what `tooMany` makes, when there is none
 */
export function enterLobby(
  client: Connection,
  { halfOpen, signal }: Pick<SharedPorts, "halfOpen" | "signal">,
  tooMany: () => Error,
): Disposable {
  const lobby = new DisposableStack();
  const place = halfOpen.take();
  if (place === undefined) throw tooMany();
  lobby.use(place);
  const leave = () => client.close();
  signal.addEventListener("abort", leave);
  lobby.defer(() => signal.removeEventListener("abort", leave));
  return lobby;
}
