import type { Clock, Signer } from "../core/ports.ts";
import { signToken } from "../core/token/sign.ts";
import { CredentialSource } from "./aws_credentials.ts";
import type { SignInHelp } from "./aws_sign_in.ts";

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
