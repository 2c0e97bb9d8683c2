/** The parts of an Amazon Resource Name (AWS General Reference, "Amazon Resource Names"). */
export interface Arn {
  /** `aws`, `aws-cn`, `aws-us-gov` … */
  partition: string;
  service: string;
  /** Empty for services that have none, such as IAM. */
  region: string;
  /** The account's id, 12 digits. */
  account: string;
  /** All the rest, colons included. */
  resource: string;
}

/** Reads an ARN; `undefined` when it is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition = "", service = "", region = "", account = "", rest = ""] =
    match;
  return { partition, service, region, account, resource: rest };
}
