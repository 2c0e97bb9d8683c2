import {
  describeAddress,
  judgeBehindTunnel,
  judgeNoConnection,
  noAddress,
} from "../../core/doctor/judge/connection.ts";
import {
  judgeCertificate,
  judgeNoCertificate,
} from "../../core/doctor/judge/certificate.ts";
import { DatabaseUnreachable } from "../../core/database/unreachable.ts";
import { RdsiamError } from "../../core/errors.ts";
import { atMost } from "../../core/ports/within.ts";
import type { EndpointProbe } from "../../core/database/probe.ts";
import type { Trust } from "../../core/roots/trust.ts";
import { isIpAddress } from "../../core/target/address.ts";
import { dialledAddress } from "../../core/engine/login_target.ts";
import type { Target } from "../../core/target/target.ts";
import { checkTunnel, type TunnelOutcome } from "./tunnel_step.ts";
import type { AwsSteps } from "./aws_steps.ts";
import type { DoctorPorts, DoctorRequest } from "./ports.ts";
import { type Checked, startStep, type Step } from "./step.ts";
import type { TargetSteps } from "./target_steps.ts";

/** What is dialled. */
export interface DialledTarget {
  host: string;
  port: number;
}

/** The checks of the way to the database. */
export interface NetworkSteps {
  tunnel: Step<TunnelOutcome>;
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
  { words }: DoctorRequest,
  ports: DoctorPorts,
): NetworkSteps {
  const tunnel = checkTunnel(configuration, ports);
  const dns = checkDns([configuration, tunnel], ports);
  const tcp = checkTcp([configuration, dns, tunnel], database, ports);
  return {
    tunnel,
    dns,
    tcp,
    tls: checkTls([configuration, tcp], words, ports),
  };
}

function checkDns(
  needs: readonly [TargetSteps["configuration"], Step<TunnelOutcome>],
  { clock, resolver }: DoctorPorts,
): Step<DialledTarget> {
  return startStep("dns", {
    needs,
    deadlineMs: DNS_DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      symptom: "dns",
      detail: `no name server answers within ${seconds} s`,
    }),
    async run([{ target }]): Promise<Checked<DialledTarget>> {
      const { host: name, port } = dialledAddress(target);
      if (target.tunnel !== undefined) {
        return {
          finding: { status: "skipped", detail: "looked up behind the tunnel" },
          value: { host: name, port },
        };
      }
      try {
        const host = isIpAddress(name) ? name : await resolver.address(name);
        return {
          finding: describeAddress(target, host),
          value: { host, port },
        };
      } catch (error) {
        if (!(error instanceof RdsiamError)) throw error;
        return { finding: noAddress(target) };
      }
    },
  }, clock);
}

function checkTcp(
  needs: readonly [
    TargetSteps["configuration"],
    Step<DialledTarget>,
    Step<TunnelOutcome>,
  ],
  database: AwsSteps["database"],
  { clock, probe }: DoctorPorts,
): Step<DialledTarget> {
  return startStep("tcp", {
    needs,
    deadlineMs: TCP_DEADLINE_MS + SECURITY_GROUPS_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      symptom: "tcp",
      detail: `no answer within ${seconds} s`,
    }),
    async run([{ target }, value, outcome]): Promise<Checked<DialledTarget>> {
      if (outcome.kind === "failed") {
        return { finding: judgeBehindTunnel(outcome.error, target) };
      }
      if (outcome.kind === "answered") {
        return {
          finding: { status: "ok", detail: "connected through the tunnel" },
          value,
        };
      }
      const giveUp = new AbortController();
      const start = clock.now();
      try {
        // The probe says in its own words that it was given up.
        const connecting = probe(target).connect(value, giveUp.signal);
        await atMost(clock, TCP_DEADLINE_MS, connecting);
        giveUp.abort();
        await connecting;
        const took = clock.now() - start;
        return {
          finding: { status: "ok", detail: `connected in ${took} ms` },
          value,
        };
      } catch (error) {
        if (!(error instanceof DatabaseUnreachable)) throw error;
        const { value: found } = await database.checked;
        const { securityGroups = [] } = found?.database.network ?? {};
        const finding = judgeNoConnection(error, target, {
          address: value.host,
          securityGroups,
        });
        return { finding };
      }
    },
  }, clock);
}

function checkTls(
  needs: readonly [TargetSteps["configuration"], Step<DialledTarget>],
  words: DoctorRequest["words"],
  ports: DoctorPorts,
): Step<Trust> {
  const { clock } = ports;
  return startStep("tls", {
    needs,
    deadlineMs: TLS_DEADLINE_MS,
    late: (seconds) => ({
      status: "failed",
      kind: "unreachable",
      symptom: "tls",
      detail: `no TLS within ${seconds} s`,
    }),
    async run([{ target }, address]): Promise<Checked<Trust>> {
      const value = await ports.trustOf(target);
      const { host: serverName, sslmode } = target;
      const login = { address, serverName, sslmode, trust: value };
      try {
        const certificate = await certificateOf(target, login, ports);
        const now = clock.now();
        const finding = judgeCertificate(certificate, target, { now, words });
        return { finding, value };
      } catch (error) {
        if (!(error instanceof DatabaseUnreachable)) throw error;
        const unverified = {
          ...login,
          sslmode: "require",
          trust: { kind: "nothing" },
        } as const;
        // Its names tell who answers.
        const certificate = error.fault === "certificate-name"
          ? await certificateOf(target, unverified, ports).catch(noCertificate)
          : undefined;
        return {
          finding: judgeNoCertificate(error, certificate, { target, words }),
        };
      }
    },
  }, clock);
}

async function certificateOf(
  target: Target,
  login: Parameters<EndpointProbe["certificate"]>[0],
  { through, probe }: DoctorPorts,
) {
  return await through(
    target,
    (near) => probe(target).certificate({ ...login, near }),
  );
}

function noCertificate(error: unknown): undefined {
  if (!(error instanceof DatabaseUnreachable)) throw error;
}
