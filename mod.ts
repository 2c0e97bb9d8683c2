/**
 * rdsiam as a library: sign the tokens that AWS RDS and Aurora take as passwords, keep them fresh, and read what names a
 * database.
 *
 * A {@linkcode TokenSource} gives a good token whenever a connection is opened, which is what a pool's password function
 * needs:
 *
 * @example A password function for a pool
 * ```ts ignore
 * import { createAwsSigner, systemClock, TokenSource } from "@rdsiam/rdsiam";
 * import postgres from "postgres";
 *
 * const tokens = new TokenSource({
 *   signer: createAwsSigner(systemClock, Deno.env.toObject()),
 *   clock: systemClock,
 * });
 * const request = {
 *   host: "orders.abc123.eu-west-1.rds.amazonaws.com",
 *   port: 5432,
 *   username: "app",
 *   region: "eu-west-1",
 * };
 * const sql = postgres({
 *   host: request.host,
 *   username: request.username,
 *   password: async () => (await tokens.get(request)).secret.reveal(),
 *   ssl: "verify-full",
 * });
 * ```
 *
 * @example Sign a token, and read it
 * ```ts
 * import { parseToken, Secret, signToken } from "@rdsiam/rdsiam";
 *
 * const key = { id: "AKIAIOSFODNN7EXAMPLE", secret: new Secret("not a real key") };
 * const endpoint = { host: "db.abc.eu-west-1.rds.amazonaws.com", port: 5432, region: "eu-west-1" };
 * const token = await signToken({ ...endpoint, username: "app" }, key, Date.now());
 *
 * const { address } = parseToken(token.secret.reveal());
 * if (address !== `${endpoint.host}:5432`) throw new Error("not read");
 * ```
 *
 * @example Read an endpoint's name
 * ```ts
 * import { parseEndpoint } from "@rdsiam/rdsiam";
 *
 * const endpoint = parseEndpoint("orders.cluster-ro-abc123.eu-west-1.rds.amazonaws.com");
 * if (endpoint?.kind !== "reader" || endpoint.region !== "eu-west-1") throw new Error("not read");
 * ```
 *
 * @module
 */

export {
  type ErrorKind,
  RdsiamError,
  type RdsiamErrorOptions,
} from "./core/errors.ts";
export { Secret } from "./core/secret.ts";
export type { Clock } from "./core/ports/clock.ts";
export type { Resolver } from "./core/ports/resolver.ts";
export type { Signer } from "./core/token/signer.ts";
export type { AccessKey } from "./core/token/access_key.ts";
export {
  type AuthToken,
  type ParsedToken,
  parseToken,
  TOKEN_LIFETIME_MS,
  type TokenRequest,
} from "./core/token/token.ts";
export { signToken } from "./core/token/sign.ts";
export {
  type Endpoint,
  type EndpointKind,
  parseEndpoint,
  partitionOf,
} from "./core/target/endpoint.ts";
export type { LoginTarget, SslMode } from "./core/engine/login_target.ts";
export type { Target } from "./core/target/target.ts";
export type {
  CommandTunnelSpec,
  EcsTunnelSpec,
  SocksTunnelSpec,
  SshTunnelSpec,
  SsmTunnelSpec,
  TunnelSpec,
} from "./core/target/tunnel_spec.ts";
export {
  environmentSource,
  type FieldSource,
  type GivenFields,
  mergeFields,
  type TargetField,
  type TargetFields,
} from "./core/target/fields.ts";
export type { Given, Origin, UrlPlace } from "./core/target/fields.ts";
export {
  formatConnectionUrl,
  parseConnectionUrl,
} from "./core/target/connection_url.ts";
export type { EngineName } from "./core/engine/engine.ts";
export {
  type ManagedEntry,
  type PureWriter,
  type PureWriterFactory,
  type Rendered,
  UnreadableText,
  type Writer,
  type WriterDescription,
  type WriterEntry,
  type WriterFactory,
  type WriterOption,
} from "./core/writer/writer.ts";
export {
  type OptionDefaults,
  type OptionValues,
  readWriterOptions,
  WriterOptionError,
} from "./plugins/contract/writer_options.ts";
export {
  escapePassfileField,
  formatPassfileLine,
  type PassfileEntry,
} from "./core/passfile/line.ts";
export {
  resolveTarget,
  type ResolveTargetOptions,
} from "./services/target/resolve_target.ts";
export {
  type RenewalListener,
  TokenSource,
  type TokenSourceOptions,
} from "./services/token/token_source.ts";
export type { SignInHelp } from "./adapters/credentials/sign_in.ts";
export { createAwsSigner } from "./adapters/credentials/credential_source.ts";
export { defaultRegion } from "./adapters/credentials/shared_config.ts";
export { systemClock } from "./adapters/process/clock.ts";
export { createResolver, type ResolverOptions } from "./adapters/net/dns.ts";
export { type RdsCaBundle, rdsCaBundle } from "./adapters/roots/rds_ca.ts";
