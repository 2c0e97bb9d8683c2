/** Variables that decide what rdsiam does and hold no secret. */
const CARRIED = new Set([
  // Credential helpers and --on-refresh commands are looked up there.
  "PATH",
  ...["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"],
  ...["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE"],
  ...["AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_WEB_IDENTITY_TOKEN_FILE"],
  ...["AWS_EC2_METADATA_DISABLED", "AWS_STS_REGIONAL_ENDPOINTS"],
  ...["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"],
  ...["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO"],
  ...["AWS_ENDPOINT_URL_SSO_OIDC", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
  ...["RDSIAM_CONFIG", "RDSIAM_TARGET", "XDG_CONFIG_HOME"],
  ...["PGPASSFILE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGHOST", "PGHOSTADDR"],
  ...["PGPORT", "PGUSER", "PGDATABASE", "PGSSLMODE", "PGSSLROOTCERT"],
  ...["DENO_CERT", "DENO_TLS_CA_STORE", "SSL_CERT_FILE", "SSL_CERT_DIR"],
  ...["NODE_EXTRA_CA_CERTS", "NO_PROXY", "no_proxy"],
]);

/** Proxies, whose URLs may hold a password. */
const HTTP_PROXIES = new Set([
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"],
  ...["http_proxy", "https_proxy", "all_proxy"],
]);

/** Variables that rdsiam reads and that a service's file must not hold. */
const SECRET = new Set([
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
  ...["AWS_CONTAINER_AUTHORIZATION_TOKEN", "PGPASSWORD"],
]);

/** What of the caller's environment a service gets. */
export interface DaemonEnvironment {
  /** The variables that it gets, by name. */
  carried: Record<string, string>;
  /** The names of those that rdsiam would read, and that it does not get since they are secrets. */
  leftOut: string[];
}

/** Picks what a service needs of its installer's environment to do what the installer would. */
export function daemonEnvironment(
  environment: Readonly<Record<string, string>>,
): DaemonEnvironment {
  const carried: Record<string, string> = {};
  const leftOut: string[] = [];
  for (const name of Object.keys(environment).sort()) {
    const value = environment[name] ?? "";
    if (value === "") continue;
    const isOpenHttpProxy = HTTP_PROXIES.has(name) && !value.includes("@");
    if (CARRIED.has(name) || isOpenHttpProxy) carried[name] = value;
    else if (SECRET.has(name) || HTTP_PROXIES.has(name)) leftOut.push(name);
  }
  return { carried, leftOut };
}
