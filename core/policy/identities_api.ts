import type { IamIdentity, PolicyDocument } from "./attachment.ts";

/** A managed policy of the account. */
export interface ManagedPolicy {
  arn: string;
  /** Its default version. */
  document: PolicyDocument;
  isAttached: boolean;
}

/** Users, roles and their policies. Every call may throw {@linkcode AwsCallError}. */
export interface IdentitiesApi {
  /** The ARN of an identity; `undefined` where it is not there. */
  find(identity: IamIdentity): Promise<string | undefined>;
  /** Makes a user, and tells its ARN. */
  createUser(name: string): Promise<string>;
  /** An inline policy of an identity. */
  readInline(
    identity: IamIdentity,
    policy: string,
  ): Promise<PolicyDocument | undefined>;
  /** Writes an inline policy; without a document, deletes it. */
  writeInline(
    identity: IamIdentity,
    policy: string,
    document: PolicyDocument | undefined,
  ): Promise<void>;
  /** A managed policy of the account, and whether an identity has it. */
  readManaged(
    identity: IamIdentity,
    arn: string,
  ): Promise<ManagedPolicy | undefined>;
  /** Makes a managed policy, or another default version of it; the oldest goes where there are too many. */
  writeManaged(
    arn: string,
    document: PolicyDocument,
    isNew: boolean,
  ): Promise<void>;
  /** Gives a managed policy to an identity. */
  attach(identity: IamIdentity, arn: string): Promise<void>;
  /** Takes it back. */
  detach(identity: IamIdentity, arn: string): Promise<void>;
}
