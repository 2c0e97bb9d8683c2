import type { AccessKey } from "../../core/token/access_key.ts";
import { explainFailure } from "./failure_rules.ts";
import type { LookUp } from "./look_up.ts";

/** The key of a container, where the environment names its agent. */
export async function containerKey(
  { environment, clock }: LookUp,
): Promise<AccessKey | undefined> {
  if (
    !environment.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI &&
    !environment.AWS_CONTAINER_CREDENTIALS_FULL_URI
  ) return undefined;
  try {
    const { askContainer } = await import("./sdk_providers.ts");
    return { ...await askContainer(clock), source: "the container" };
  } catch (error) {
    explainFailure({ kind: "container" }, error);
  }
}

/** The key of an instance's role; none where this is no instance. */
export async function instanceKey(
  { environment, clock }: LookUp,
): Promise<AccessKey | undefined> {
  const { AWS_EC2_METADATA_DISABLED: isDisabled = "" } = environment;
  if (isDisabled.toLowerCase() === "true") return undefined;
  try {
    const { askInstance } = await import("./sdk_providers.ts");
    return { ...await askInstance(clock), source: "the instance's metadata" };
  } catch {
    return undefined; // everywhere else there is nobody to answer
  }
}
