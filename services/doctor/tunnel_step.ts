import { isBehind, TunnelError } from "../../core/tunnel/fault.ts";
import { describeTunnel } from "../../core/target/tunnel_spec.ts";
import { RdsiamError } from "../../core/errors.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { DoctorPorts, ResolvedTarget } from "./ports.ts";
import { type Checked, startStep, type Step } from "./step.ts";

/** What came of a connection through the target's tunnel. */
export type TunnelOutcome =
  /** It has none. */
  | { kind: "none" }
  | { kind: "answered" }
  /** The tunnel is up; the database cannot be reached from its far end. */
  | { kind: "failed"; error: TunnelError };

/** How long a tunnel may take to come up and to be tried, in milliseconds. */
const DEADLINE_MS = 60_000;

/** Starts the check of the tunnel: whether it comes up, and whether somebody answers behind it. */
export function checkTunnel(
  configuration: Step<ResolvedTarget>,
  { clock, probe, through }: DoctorPorts,
): Step<TunnelOutcome> {
  return startStep("tunnel", {
    needs: [configuration],
    deadlineMs: DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      detail: `not up within ${seconds} s`,
    }),
    async run([{ target }]): Promise<Checked<TunnelOutcome>> {
      if (target.tunnel === undefined) {
        return {
          finding: { status: "skipped", detail: "none", isMissing: true },
          value: { kind: "none" },
        };
      }
      const name = describeTunnel(target.tunnel);
      const isUp = { status: "ok", detail: `${name} is up` } as const;
      const login = {
        address: dialledAddress(target),
        serverName: target.host,
        sslmode: "require",
        trust: { kind: "nothing" },
      } as const;
      const start = clock.now();
      try {
        // Some tunnels show by the first answer alone whether they lead anywhere.
        await through(target, async (near = login.address) => {
          await probe(target).certificate({ ...login, near });
        });
      } catch (error) {
        if (!(error instanceof RdsiamError)) throw error;
        if (error instanceof TunnelError) {
          if (isBehind(error.reason)) {
            return { finding: isUp, value: { kind: "failed", error } };
          }
          const { kind, hint, why } = error;
          const detail = `${name}: ${why}`;
          return {
            finding: { status: "failed", kind, detail, remedy: hint },
          };
        }
        // Somebody answers; what is wrong with the answer is another check's to tell.
      }
      const took = clock.now() - start;
      return {
        finding: { ...isUp, detail: `${isUp.detail}, tried in ${took} ms` },
        value: { kind: "answered" },
      };
    },
  }, clock);
}
