import type { ServerCertificate } from "../../database/probe.ts";
import type { DatabaseUnreachable } from "../../database/unreachable.ts";
import { parseEndpoint } from "../../target/endpoint.ts";
import type { Target } from "../../target/target.ts";
import type { Finding } from "../check.ts";
import { commandFor, type TargetWords } from "../command.ts";
import { duration } from "../duration.ts";

const DAY_MS = 86_400_000;

/** RDS renews its certificates long before; less than this is odd. */
const SHORT_MS = 7 * DAY_MS;

/**
 * What a certificate that was taken says. With a mode that does not look at its name, another name tells that another
 * database answers, which would refuse the token.
 */
export function judgeCertificate(
  { names, expiresAt }: ServerCertificate,
  target: Target,
  { now, words }: { now: number; words: TargetWords },
): Finding {
  const { host, sslmode, sslrootcert } = target;
  if (!names.some((name) => isNameOf(name, host)) && names.length > 0) {
    return wrongName(names, target, words, "suspect");
  }
  const left = Math.max(0, expiresAt - now);
  const lasts = `good for ${duration(left)}`;
  if (sslmode !== "verify-full") {
    const what = sslmode === "require" && sslrootcert === undefined
      ? "encrypted, the server not verified"
      : "the issuer verified, the name not checked";
    return {
      status: "warning",
      detail: `${what} (sslmode ${sslmode}), ${lasts}`,
      remedy: commandFor(["doctor"], words, {
        changes: { sslmode: "verify-full" },
      }),
    };
  }
  const detail = `verified (${sslmode}), ${lasts}`;
  return { status: left < SHORT_MS ? "warning" : "ok", detail };
}

/**
 * What a certificate that was not taken shows.
 *
 * @param error why not
 * @param certificate the server's own, where it could be looked at
 */
export function judgeNoCertificate(
  error: Pick<DatabaseUnreachable, "why" | "fault" | "hint">,
  certificate: ServerCertificate | undefined,
  { target, words }: { target: Target; words: TargetWords },
): Finding {
  const { names = [] } = certificate ?? {};
  if (names.length > 0 && error.fault === "certificate-name") {
    return wrongName(names, target, words, "failed");
  }
  return {
    status: "failed",
    kind: "unreachable",
    symptom: "tls",
    detail: error.why,
    remedy: error.hint,
  };
}

/** Another database answers than the one that tokens are signed for. */
function wrongName(
  names: readonly string[],
  { host }: Target,
  words: TargetWords,
  status: "failed" | "suspect",
): Finding {
  const [first = ""] = names;
  const endpoint = names.find((name) => parseEndpoint(name) !== undefined);
  return {
    status,
    kind: status === "failed" ? "unreachable" : "refused",
    detail: `"${first}" answers, and tokens are signed for "${host}"`,
    remedy: endpoint === undefined
      ? "Check what --connect, the tunnel or the alias leads to"
      : commandFor(["doctor"], words, { changes: { host: endpoint } }),
    explains: ["token"],
  };
}

/** Whether a certificate's name, which may begin with `*.`, is this host's (RFC 6125, 6.4.3). */
function isNameOf(name: string, host: string): boolean {
  const wanted = name.toLowerCase();
  return wanted.startsWith("*.")
    ? host.slice(host.indexOf(".")) === wanted.slice(1)
    : host === wanted;
}
