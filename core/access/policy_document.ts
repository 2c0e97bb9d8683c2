/** The IAM policy that lets an identity connect: `rds-db:connect` on these ARNs (see `connectArn`), as a document. */
export function connectPolicy(arns: readonly string[]): unknown {
  const [first] = arns;
  return {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Action: "rds-db:connect",
      Resource: arns.length === 1 ? first : arns,
    }],
  };
}
