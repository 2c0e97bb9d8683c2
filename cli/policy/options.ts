import { POLICY_FORMATS, type PolicyFormat } from "../../core/policy/format.ts";
import { POLICY_LIMITS, type PolicyForm } from "../../core/policy/document.ts";
import { checkRoleName } from "../../core/access/role_name.ts";
import { RdsiamError } from "../../core/errors.ts";
import { readChoice } from "../../core/text/choice.ts";
import type { CommonOptions } from "../frame/command.ts";
import type { SignInOptions } from "../frame/sign_in.ts";
import type { TargetOptions } from "../target/target_options.ts";

/** The options of `policy`. */
export interface PolicyOptions
  extends TargetOptions, CommonOptions, SignInOptions {
  user?: string[];
  anyUser?: boolean;
  resourceId?: string;
  account?: string;
  format?: string;
  /** A statement for each user. */
  perUser?: boolean;
  form?: string;
  enable?: boolean;
  dryRun?: boolean;
  /** `user/NAME` or `role/NAME`. */
  attach?: string;
  detach?: string;
  managed?: string;
  create?: boolean;
  check?: boolean;
  yes?: boolean;
}

/**
 * Refuses options that do not go together or are not valid.
 *
 * @throws {RdsiamError} `usage`
 */
export function checkPolicyOptions(options: PolicyOptions): void {
  const { user = [], anyUser, resourceId, account, enable, yes } = options;
  if (options.perUser && anyUser) {
    throw usage("--per-user and --any-user exclude each other");
  }
  checkAttachOptions(options);
  if (options.dryRun && !changesAws(options)) {
    throw usage("--dry-run needs --enable, --attach or --detach");
  }
  if (anyUser && user.length > 0) {
    throw usage("--user and --any-user exclude each other");
  }
  if (account !== undefined && resourceId === undefined) {
    throw usage(
      "--account needs --resource-id",
      "Leave it out: the account is looked up with the database",
    );
  }
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw usage("The --account is not valid", "Give its 12 digits");
  }
  if (
    resourceId !== undefined &&
    !/^(\*|(db|cluster|prx)-[A-Za-z0-9*?-]+)$/.test(resourceId)
  ) {
    throw usage(
      `Resource id "${resourceId}" is not valid`,
      "Give the DbiResourceId (db-…), DbClusterResourceId (cluster-…) or the proxy's prx-…, no name and no ARN",
    );
  }
  if (enable && resourceId !== undefined) {
    throw usage(
      "--enable and --resource-id exclude each other: what is to be turned on must be looked up",
      "Leave --resource-id out",
    );
  }
  if (yes && !changesAws(options)) {
    throw usage("--yes needs --enable, --attach or --detach");
  }
  const { engine = "postgres" } = options;
  if (engine === "postgres") user.forEach(checkRoleName);
}

function checkAttachOptions(
  { attach, detach, managed, create, check, enable }: PolicyOptions,
) {
  if (attach !== undefined && detach !== undefined) {
    throw usage("--attach and --detach exclude each other");
  }
  const isAttaching = attach !== undefined || detach !== undefined;
  if (enable && isAttaching) {
    throw usage(
      "--enable and --attach exclude each other",
      "Run them one after the other",
    );
  }
  if (create && attach === undefined) throw usage("--create needs --attach");
  for (const [flag, value] of Object.entries({ managed, check })) {
    if (value && !isAttaching) {
      throw usage(`--${flag} needs --attach or --detach`);
    }
  }
  if (managed !== undefined && !/^[\w+=,.@-]{1,128}$/.test(managed)) {
    throw usage(
      "The --managed name is not valid",
      "Use letters, digits and + = , . @ _ -",
    );
  }
}

/** Whether something at AWS is to be changed. */
function changesAws({ enable, attach, detach }: PolicyOptions): boolean {
  return Boolean(enable ?? attach ?? detach);
}

/**
 * The form of policy that the options ask for.
 *
 * @throws {RdsiamError} `usage`, when it is not known
 */
export function readPolicyForm({ form }: PolicyOptions): PolicyForm {
  const forms = Object.keys(POLICY_LIMITS) as PolicyForm[];
  return readChoice(form ?? "managed", forms, "Form");
}

/**
 * The format that the options ask for.
 *
 * @throws {RdsiamError} `usage`, when it is not known or they contradict each other
 */
export function readPolicyFormat(
  { format, json }: PolicyOptions,
): PolicyFormat {
  if (json && format !== undefined && format !== "json") {
    throw usage("--json and --format exclude each other");
  }
  return readChoice(format ?? "json", POLICY_FORMATS, "Format");
}

function usage(message: string, hint?: string): RdsiamError {
  return new RdsiamError("usage", message, hint === undefined ? {} : { hint });
}
