import { RdsiamError } from "../core/errors.ts";
import type { DatabaseLogin } from "../core/ports.ts";
import { formatAddress } from "../core/target/address.ts";

/** The code of a system or TLS error, or its class. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const { code } = error as { code?: unknown };
  return typeof code === "string" ? code : error.constructor.name;
}

interface Explanation {
  why: string;
  hint: string;
}

const CHECK_NETWORK =
  "Check the endpoint, its security group and the way there: a VPN, or --connect to a tunnel";

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: { why: "the name has no address", hint: "Check the host name" },
  EAI_AGAIN: {
    why: "the name cannot be looked up",
    hint: "Check the network and its name servers",
  },
  ECONNREFUSED: { why: "nothing listens there", hint: CHECK_NETWORK },
  EHOSTUNREACH: { why: "there is no way to the host", hint: CHECK_NETWORK },
  ENETUNREACH: { why: "there is no way to its network", hint: CHECK_NETWORK },
  ECONNRESET: { why: "it ended the connection", hint: CHECK_NETWORK },
  HungUp: { why: "it ended the connection", hint: CHECK_NETWORK },
  DialTimeout: { why: "it did not answer in time", hint: CHECK_NETWORK },
  NoTls: {
    why: "the server does not offer TLS",
    hint:
      "Check that the port is PostgreSQL's; rdsiam never logs in without TLS",
  },
};

function explain(error: unknown, login: DatabaseLogin): Explanation {
  const code = codeOf(error);
  const known = EXPLANATIONS[code];
  if (known !== undefined) return known;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      why: `its certificate is not for "${login.serverName}"`,
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
  const message = error instanceof Error ? error.message : String(error);
  return { why: message, hint: CHECK_NETWORK };
}

/** Says in one line why there is no verified connection. */
export function explainDialError(
  cause: unknown,
  login: DatabaseLogin,
): RdsiamError {
  const { host, port } = login.address;
  const { why, hint } = explain(cause, login);
  return new RdsiamError(
    "unreachable",
    `Database at ${formatAddress(host, port)} cannot be reached: ${why}`,
    { hint, cause },
  );
}
