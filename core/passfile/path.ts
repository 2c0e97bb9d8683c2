/**
 * Where libpq looks for passwords (PostgreSQL manual, "The Password File"): `PGPASSFILE`, else its file in the home
 * folder; `undefined` without a home.
 *
 * @param os `linux`, `darwin`, `windows` …
 */
export function passfilePath(
  environment: Readonly<Record<string, string | undefined>>,
  os: string,
): string | undefined {
  const { PGPASSFILE, HOME, APPDATA } = environment;
  if (PGPASSFILE) return PGPASSFILE;
  if (os === "windows") {
    return APPDATA ? `${APPDATA}\\postgresql\\pgpass.conf` : undefined;
  }
  return HOME ? `${HOME}/.pgpass` : undefined;
}
