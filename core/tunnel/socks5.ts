import type { TunnelFault } from "./fault.ts";
import type { FarAddress } from "./ports.ts";

/** SOCKS version 5 (RFC 1928). */
const VERSION = 5;
const CONNECT = 1;
const NAME = 3;

/** Methods of authentication: none, and user name and password (RFC 1929). */
const NO_LOGIN = 0;
const PASSWORD = 2;
const NO_METHOD = 0xff;

/** Who logs in to a SOCKS5 server. */
export interface SocksLogin {
  user: string;
  password: string;
}

/** What to do next in the conversation with the server. */
export type SocksStep =
  /** So many bytes are to be read in all before this is asked again. */
  | { kind: "read"; atLeast: number }
  | { kind: "send"; bytes: Uint8Array }
  | { kind: "connected" }
  | { kind: "failed"; fault: TunnelFault };

/** The conversation that asks a server for a connection to an address, which the server looks up itself. */
export class SocksRequest {
  readonly #address: FarAddress;
  readonly #login: SocksLogin | undefined;
  #state: "greet" | "method" | "login" | "reply" = "greet";

  /** Makes a conversation in which nothing has been said. */
  constructor(address: FarAddress, login: SocksLogin | undefined) {
    this.#address = address;
    this.#login = login;
  }

  /**
   * Goes on.
   *
   * @param take gives so many of the bytes that have come and not been taken yet, or `undefined` when they are fewer
   */
  next(take: (count: number) => Uint8Array | undefined): SocksStep {
    switch (this.#state) {
      case "greet":
        this.#state = "method";
        return { kind: "send", bytes: greeting(this.#login) };
      case "method": {
        const answer = take(2);
        if (answer === undefined) return { kind: "read", atLeast: 2 };
        const [version, method] = answer;
        if (version !== VERSION) return failed(NO_SOCKS);
        if (method === NO_LOGIN) return this.#connect();
        if (method === PASSWORD && this.#login !== undefined) {
          this.#state = "login";
          return { kind: "send", bytes: passwordRequest(this.#login) };
        }
        return failed(method === NO_METHOD ? WANTS_LOGIN : NO_SOCKS);
      }
      case "login": {
        const answer = take(2);
        if (answer === undefined) return { kind: "read", atLeast: 2 };
        return answer[1] === 0 ? this.#connect() : failed(LOGIN_REFUSED);
      }
      case "reply":
        return this.#reply(take);
    }
  }

  #connect(): SocksStep {
    this.#state = "reply";
    return { kind: "send", bytes: connectRequest(this.#address) };
  }

  #head: Uint8Array | undefined;

  #reply(take: (count: number) => Uint8Array | undefined): SocksStep {
    // The first byte of the address is its length, where it is a name.
    const head = this.#head ??= take(5);
    if (head === undefined) return { kind: "read", atLeast: 5 };
    const [version, code = 1, , type, first = 0] = head;
    if (version !== VERSION) return failed(NO_SOCKS);
    if (code !== 0) return failed(REPLIES[code] ?? OTHER_REPLY(code));
    const rest = type === NAME ? first + 2 : type === 4 ? 17 : 5;
    return take(rest) === undefined
      ? { kind: "read", atLeast: rest }
      : { kind: "connected" };
  }
}

function greeting(login: SocksLogin | undefined): Uint8Array {
  return login === undefined
    ? Uint8Array.of(VERSION, 1, NO_LOGIN)
    : Uint8Array.of(VERSION, 2, NO_LOGIN, PASSWORD);
}

function passwordRequest({ user, password }: SocksLogin): Uint8Array {
  return Uint8Array.of(1, ...counted(user), ...counted(password));
}

/** Addresses are sent as names, too: servers read them. */
function connectRequest({ host, port }: FarAddress): Uint8Array {
  return Uint8Array.of(
    ...[VERSION, CONNECT, 0, NAME],
    ...counted(host),
    port >> 8,
    port & 0xff,
  );
}

function counted(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > 255) {
    throw new RangeError("SOCKS5 takes no text of more than 255 bytes");
  }
  return [bytes.length, ...bytes];
}

function failed(fault: TunnelFault): SocksStep {
  return { kind: "failed", fault };
}

const NO_SOCKS: TunnelFault = {
  reason: "protocol",
  why: "what listens there is no SOCKS5 server",
  hint: "Check its address; ssh -D PORT makes one",
};

const WANTS_LOGIN: TunnelFault = {
  reason: "login",
  why: "the server wants a login",
  hint:
    "Name the user as socks5://USER@HOST:PORT, and put the password into RDSIAM_SOCKS_PASSWORD",
};

const LOGIN_REFUSED: TunnelFault = {
  reason: "login",
  why: "the server refuses the user name or the password",
  hint: "Check the user in socks5://USER@HOST:PORT, and RDSIAM_SOCKS_PASSWORD",
};

const SECURITY_GROUP =
  "Let the far end's address in: the database's security group, its port";

/** What a server answers a request to connect with (RFC 1928, 6). */
const REPLIES: Readonly<Record<number, TunnelFault>> = {
  1: {
    reason: "target",
    why: "the server could not connect to it",
    hint: SECURITY_GROUP,
  },
  2: {
    reason: "forbidden",
    why: "the server's rules do not allow it",
    hint: "Ask who runs the server",
  },
  3: {
    reason: "target",
    why: "its network cannot be routed to from there",
    hint: SECURITY_GROUP,
  },
  4: {
    reason: "target",
    why: "the server cannot reach its host, or not look up its name",
    hint: SECURITY_GROUP,
  },
  5: {
    reason: "target",
    why: "nothing listens there",
    hint: SECURITY_GROUP,
  },
  6: {
    reason: "target",
    why: "the server got no answer in time",
    hint: SECURITY_GROUP,
  },
};

function OTHER_REPLY(code: number): TunnelFault {
  return { reason: "protocol", why: `the server answers with code ${code}` };
}
