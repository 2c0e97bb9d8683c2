import { errorMessage } from "../../core/errors.ts";
import type { DatabaseLogin } from "../../core/database/database.ts";
import {
  DatabaseUnreachable,
  type DialFault,
} from "../../core/database/unreachable.ts";
import { formatAddress } from "../../core/target/address.ts";

/** What was dialled, and whose certificate was expected. */
export type Dialled = Pick<DatabaseLogin, "address" | "serverName">;

/** The code of a system or TLS error as Node has it, or its class. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code } = error as { code?: unknown };
  if (typeof code === "string") return code;
  // deno-lint-ignore rdsiam/no-prose -- Deno's own
  return DENO_MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1] ??
    error.constructor.name;
}

/** What Deno says without a code. */
const DENO_MESSAGES: readonly [RegExp, string][] = [
  [/failed to lookup address/, "ENOTFOUND"],
  [/peer certificate.*not valid for name/i, "ERR_TLS_CERT_ALTNAME_INVALID"],
  [/peer certificate.*NotValidForName/, "ERR_TLS_CERT_ALTNAME_INVALID"],
  [/peer certificate.*expired/i, "CERT_HAS_EXPIRED"],
  [/peer certificate/, "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
  [/unexpected end of file|close_notify/, "HungUp"],
];

interface Explanation {
  why: string;
  hint: string;
  fault?: DialFault;
}

const CHECK_NETWORK =
  "Check the endpoint, its security group and the way there: a VPN, or --tunnel through a bastion";

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: { why: "the name has no address", hint: "Check the host name" },
  EAI_AGAIN: {
    why: "the name cannot be looked up",
    hint: "Check the network and its name servers",
  },
  ECONNREFUSED: { why: "nothing listens there", hint: CHECK_NETWORK },
  EHOSTUNREACH: { why: "the host cannot be routed to", hint: CHECK_NETWORK },
  ENETUNREACH: { why: "its network cannot be routed to", hint: CHECK_NETWORK },
  ECONNRESET: { why: "it ended the connection", hint: CHECK_NETWORK },
  HungUp: { why: "it ended the connection", hint: CHECK_NETWORK },
  ConnectionClosed: { why: "it ended the connection", hint: CHECK_NETWORK },
  DialTimeout: { why: "it did not answer in time", hint: CHECK_NETWORK },
  NoTls: {
    why: "the server does not offer TLS",
    hint:
      "Check that the port is PostgreSQL's; rdsiam never logs in without TLS",
  },
  TlsIsOff: {
    why: "the server does not offer TLS",
    hint: "Turn TLS on there; rdsiam never logs in without it",
  },
  NotMysql: {
    why: "what listens there does not greet as MySQL does",
    hint: "Check the port, and --engine",
  },
};

function explain(error: unknown, dialled: Dialled): Explanation {
  const code = codeOf(error);
  const known = EXPLANATIONS[code];
  if (known !== undefined) return known;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      fault: "certificate-name",
      why: `its certificate is not for "${dialled.serverName}"`,
      hint:
        "Pass the endpoint's own name as --host, and what to dial as --connect",
    };
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_/.test(code)) {
    return {
      why: code === "CERT_HAS_EXPIRED"
        ? "its certificate has expired"
        : "its certificate comes from no trusted root",
      hint: "Name the file of the right roots with --sslrootcert",
    };
  }
  const message = errorMessage(error);
  return { why: message, hint: CHECK_NETWORK };
}

/** Says in one line why there is no verified connection. */
export function explainDialError(
  cause: unknown,
  dialled: Dialled,
): DatabaseUnreachable {
  const { host, port } = dialled.address;
  const explanation = explain(cause, dialled);
  return new DatabaseUnreachable(formatAddress(host, port), {
    fault: "other",
    ...explanation,
    cause,
  });
}
