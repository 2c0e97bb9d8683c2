import type { Target } from "../core/target/target.ts";
import type { Context } from "./context.ts";
import type { Reporter } from "./output.ts";

/** The roots that rdsiam carries, as PEM, with a warning where they have none for the target's region. */
export async function loadCaBundle(
  { region }: Pick<Target, "region">,
  context: Pick<Context, "clock">,
  reporter: Reporter,
): Promise<string> {
  return await loadCaBundleFor([region], context, reporter);
}

/** The roots that rdsiam carries, as PEM, with a warning where they have none for one of these regions. */
export async function loadCaBundleFor(
  wanted: readonly string[],
  context: Pick<Context, "clock">,
  reporter: Reporter,
): Promise<string> {
  const { rdsCaBundle } = await import("../adapters/rds_ca.ts");
  const { pem, regions } = rdsCaBundle(context.clock.now());
  for (const region of wanted.filter((region) => !regions.has(region))) {
    reporter.warn(
      `The certificate bundle within rdsiam has no root for ${region}: pass AWS's own for it with --sslrootcert`,
    );
  }
  return pem;
}
