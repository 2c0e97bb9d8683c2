import { displayName } from "../../access/identifier.ts";
import { ENGINES } from "../../engine/engines.ts";
import {
  isIamRefusal,
  refusalCause,
  type ServerError,
} from "../../database/login_refusal.ts";
import type { FoundDatabase } from "../../rds/database.ts";
import { formatAddress, isLoopback } from "../../target/address.ts";
import { dialledAddress } from "../../engine/login_target.ts";
import type { Target } from "../../target/target.ts";
import type { Finding, Symptom } from "../check.ts";
import { commandFor, type TargetWords } from "../command.ts";
import { setupCommand } from "./role.ts";

/** What else is known when a login is refused. */
export interface LoginEvidence {
  target: Target;
  words: TargetWords;
  /** The options that name the administrator; `undefined` where nothing does. */
  admin: readonly string[] | undefined;
  /** The IP address that was dialled. */
  address: string;
  /** What RDS knows of the database, where it could be asked. */
  database: FoundDatabase | undefined;
  /** Whether a simulation allows `rds-db:connect`; `undefined` where there was none. */
  isAllowed: boolean | undefined;
}

/** What a refused login is to be taken for. */
export function symptomOf({ code, message }: ServerError): Symptom {
  if (isIamRefusal(message)) return "token";
  if (isFromRdsProxy(message)) return "refused";
  return code === "28P01" ? "password" : "refused";
}

/** What to do where RDS Proxy does not know a user. */
export const RDS_PROXY_SECRETS =
  "Give the proxy a secret for this user, or let it log in with IAM end to end (DefaultAuthScheme IAM_AUTH)";

/** What RDS Proxy says in its own words (RDS User Guide, "Troubleshooting for RDS Proxy"). */
export function isFromRdsProxy(message: string): boolean {
  // deno-lint-ignore rdsiam/no-prose -- RDS Proxy's own
  return /RDS proxy|^RDS supports only|^IAM authentication is allowed/i
    .test(message);
}

/** The likely cause of a refused login, as far as no other check shows one. */
export function judgeRefusal(
  server: ServerError,
  evidence: LoginEvidence,
): Finding {
  const symptom = symptomOf(server);
  const { kind, why, hint } = refusalCause(server, {
    ...evidence.target,
    method: "token",
  });
  const [detail, remedy] = symptom === "token"
    ? explainToken(evidence)
    : symptom === "password"
    ? explainPassword(evidence)
    : isFromRdsProxy(server.message)
    ? [server.message, RDS_PROXY_SECRETS]
    : [why, server.code === "42501" ? setupCommandBy(evidence) : hint];
  return { status: "failed", kind, detail, remedy, symptom };
}

/**
 * The likely cause where a token is refused.
 *
 * @param orElse what else may be, where nothing is known for sure
 */
export function explainToken(
  { target, words, address, database, isAllowed }: LoginEvidence,
  orElse = "",
): [detail: string, remedy: string] {
  const { engine, port } = target;
  const { defaultPort } = ENGINES[engine];
  if (database === undefined && isLoopback(address) && port !== defaultPort) {
    return [
      `the token is signed for port ${port}, which looks like the tunnel's: RDS has ${defaultPort} as a rule`,
      commandFor(["doctor"], words, {
        changes: {
          port: `${defaultPort}`,
          connect: formatAddress(address, dialledAddress(target).port),
        },
      }),
    ];
  }
  if (database === undefined || !isAllowed) {
    return [
      `the database refuses the token: as a rule, the AWS identity lacks rds-db:connect for this user${orElse}`,
      commandFor(["policy"], words),
    ];
  }
  return [
    "the database refuses the token, although the identity's policies allow it: its log says why",
    logCommand(database),
  ];
}

/** RDS's own log of IAM logins, which has to be exported (RDS User Guide, "Troubleshooting for IAM DB authentication"). */
function logCommand({ database, instance }: FoundDatabase): string {
  const { kind, name, region } = database;
  const group = kind === "cluster"
    ? `cluster/${name}`
    : `instance/${instance?.name ?? name}`;
  return `aws logs tail /aws/rds/${group}/iam-db-auth-error --since 1h --region ${region}`;
}

function explainPassword(
  evidence: LoginEvidence,
): [detail: string, remedy: string] {
  const role = displayName(evidence.target.username);
  const isOn = evidence.database?.database.iam === "on";
  return [
    `role ${role} is missing (capitals matter) or not in rds_iam${
      isOn ? "" : ", or IAM authentication is off for this database"
    }`,
    setupCommandBy(evidence),
  ];
}

function setupCommandBy({ words, admin, database }: LoginEvidence): string {
  return setupCommand(words, admin, database?.database.masterUsername);
}
