/** What a certificate must lead to. `nothing` is for `sslmode` `require` alone. */
export type Trust =
  | { kind: "roots"; pem: string }
  | { kind: "system" }
  | { kind: "nothing" };
