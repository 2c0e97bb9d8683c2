import {
  describeAddress,
  judgeNoConnection,
  noAddress,
} from "../../core/doctor/judge/connection.ts";
import {
  judgeCertificate,
  judgeNoCertificate,
} from "../../core/doctor/judge/certificate.ts";
import { RdsiamError } from "../../core/errors.ts";
import type { EndpointProbe } from "../../core/database/probe.ts";
import type { Trust } from "../../core/roots/trust.ts";
import { isIpAddress } from "../../core/target/address.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { AwsSteps } from "./aws_steps.ts";
import type { Complaint, DoctorPorts } from "./ports.ts";
import { type Checked, startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** What is dialled. */
export interface DialledTarget {
  host: string;
  port: number;
}

/** The checks of the way to the database. */
export interface NetworkSteps {
  dns: Step<DialledTarget>;
  tcp: Step<DialledTarget>;
  tls: Step<Trust>;
}

const DNS_DEADLINE_MS = 5_000;
const TCP_DEADLINE_MS = 5_000;

/** How long to wait for what RDS knows of a database that does not answer, in milliseconds. */
const SECURITY_GROUPS_MS = 15_000;
const TLS_DEADLINE_MS = 20_000;

/** Starts the checks of the way to the database. */
export function checkNetwork(
  { configuration, database }: TargetSteps & Pick<AwsSteps, "database">,
  { words }: Complaint,
  ports: DoctorPorts,
): NetworkSteps {
  const { clock, resolver, probe } = ports;
  const dns = startStep("dns", {
    needs: [configuration],
    deadlineMs: DNS_DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      symptom: "dns",
      detail: `no name server answers within ${seconds} s`,
    }),
    async run([{ target }]): Promise<Checked<DialledTarget>> {
      const { host: name, port } = dialledAddress(target);
      try {
        const host = isIpAddress(name) ? name : await resolver.address(name);
        return {
          finding: describeAddress(target, host),
          value: { host, port },
        };
      } catch {
        return { finding: noAddress(target) };
      }
    },
  }, clock);
  const tcp = startStep("tcp", {
    needs: [configuration, dns],
    deadlineMs: TCP_DEADLINE_MS + SECURITY_GROUPS_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      symptom: "tcp",
      detail: `no answer within ${seconds} s`,
    }),
    async run([{ target }, value]): Promise<Checked<DialledTarget>> {
      const giveUp = new AbortController();
      const done = new AbortController();
      clock.sleep(TCP_DEADLINE_MS, done.signal).then(() => giveUp.abort());
      const start = clock.now();
      try {
        await probe.connect(value, giveUp.signal);
        const took = clock.now() - start;
        return {
          finding: { status: "ok", detail: `connected in ${took} ms` },
          value,
        };
      } catch (error) {
        if (!(error instanceof RdsiamError)) throw error;
        const { value: found } = await database.checked;
        const { securityGroups = [] } = found?.database.network ?? {};
        const finding = judgeNoConnection(error, target, {
          address: value.host,
          securityGroups,
        });
        return { finding };
      } finally {
        done.abort();
      }
    },
  }, clock);
  const tls = startStep("tls", {
    needs: [configuration, tcp],
    deadlineMs: TLS_DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      symptom: "tls",
      detail: `no TLS within ${seconds} s`,
    }),
    async run([{ target }, address]): Promise<Checked<Trust>> {
      if (target.engine !== "postgres") {
        return {
          finding: {
            status: "skipped",
            detail: `rdsiam speaks postgres alone, not ${target.engine}`,
          },
        };
      }
      const value = await ports.trustOf(target);
      const { host: serverName, sslmode } = target;
      const login = { address, serverName, sslmode, trust: value };
      try {
        const certificate = await probe.certificate(login);
        const now = clock.now();
        const finding = judgeCertificate(certificate, target, { now, words });
        return { finding, value };
      } catch (error) {
        if (!(error instanceof RdsiamError)) throw error;
        const certificate = await lookAnyway(probe, login);
        return {
          finding: judgeNoCertificate(error, certificate, { target, words }),
        };
      }
    },
  }, clock);
  return { dns, tcp, tls };
}

/** The certificate that was not taken: its names tell who answers. */
async function lookAnyway(
  probe: EndpointProbe,
  login: Parameters<EndpointProbe["certificate"]>[0],
) {
  try {
    return await probe.certificate({
      ...login,
      sslmode: "require",
      trust: { kind: "nothing" },
    });
  } catch {
    return undefined;
  }
}
