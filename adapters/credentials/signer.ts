import type { Clock } from "../../core/ports/clock.ts";
import type { Signer } from "../../core/token/signer.ts";
import { signToken } from "../../core/token/sign.ts";
import { CredentialSource } from "./credential_source.ts";
import type { SignInHelp } from "./sign_in.ts";

/** Makes the signer that uses the AWS credentials of the environment and the profiles. */
export function createAwsSigner(
  clock: Clock,
  environment: Readonly<Record<string, string | undefined>>,
  help: SignInHelp = {},
): Signer {
  return signWith(new CredentialSource(clock, environment, help), clock);
}

/** Makes the signer that uses these credentials. */
export function signWith(credentials: CredentialSource, clock: Clock): Signer {
  return {
    async sign(request) {
      const key = await credentials.get(request);
      return await signToken(request, key, clock.now());
    },
  };
}
