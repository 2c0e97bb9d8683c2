import type { CheckName, Result } from "../../../core/doctor/check.ts";
import type { RoleFacts } from "../../../core/doctor/judge/role_facts.ts";
import { LoginRefused } from "../../../core/database/login_refusal.ts";
import type { DatabaseSession } from "../../../core/database/database.ts";
import type { EndpointProbe } from "../../../core/database/probe.ts";
import type { RdsInstance } from "../../../core/rds/database.ts";
import { Secret } from "../../../core/secret.ts";
import type { Target } from "../../../core/target/target.ts";
import { examine } from "../../../services/doctor/examine.ts";
import type {
  DoctorPorts,
  DoctorRequest,
} from "../../../services/doctor/ports.ts";
import { fakeAws, instance } from "../../fake_aws.ts";
import { FakeClock, fakeTarget } from "../../fakes.ts";

/** The endpoint of the database here. */
export const HOST = "orders.abcdefghijkl.eu-west-1.rds.amazonaws.com";

/** The command line that named it. */
export const REQUEST: DoctorRequest = {
  words: { name: "orders", fields: {}, config: undefined },
  os: "linux",
};

/** A role in which nothing is wrong. */
export const ROLE: RoleFacts = {
  exists: true,
  hasRdsIam: true,
  isIam: true,
  canLogin: true,
  isReplication: false,
  canConnect: true,
  canUsePublic: true,
  logins: ["app", "postgres"],
};

/** A fixture in whom nothing is wrong, but for what the test changes. */
export class DoctorFixture {
  readonly clock = new FakeClock();
  readonly aws = fakeAws([instance("orders")]);
  target: Target = fakeTarget({ host: HOST });
  request: DoctorRequest = REQUEST;
  role: RoleFacts = ROLE;
  /** What the server says to the login instead of letting it in. */
  refusal: { code: string; message: string } | undefined;
  /** Whether an administrator may look. */
  hasAdmin = false;
  probe: EndpointProbe = {
    connect: () => Promise.resolve(),
    certificate: () =>
      Promise.resolve({
        names: [this.target.host],
        expiresAt: this.clock.now() + 300 * 86_400_000,
      }),
  };
  changes: Partial<DoctorPorts> = {};

  constructor() {
    this.aws.sts.answer = {
      account: "123456789012",
      arn: "arn:aws:sts::123456789012:assumed-role/app/session",
      userId: "AROAEXAMPLE:session",
      serverTime: this.clock.now(),
    };
  }

  /** What RDS knows of the database otherwise. */
  isInRds(changes: Partial<RdsInstance>): void {
    const database = instance("orders", changes);
    const [endpoint] = database.endpoints;
    if (endpoint === undefined) throw new RangeError("No endpoint");
    this.aws.rds.find = () => Promise.resolve({ database, endpoint });
  }

  /** What the doctor says. */
  async examine(): Promise<Record<CheckName, Result>> {
    const reported: string[] = [];
    const results = await examine(
      this.request,
      this.ports(),
      ({ check }) => reported.push(check),
    );
    return Object.fromEntries(
      results.map(({ check, ...result }) => [check, result]),
    ) as Record<CheckName, Result>;
  }

  ports(): DoctorPorts {
    const { clock, aws, target, role } = this;
    const session: DatabaseSession = {
      run: () => Promise.resolve([JSON.stringify(role)]),
      abort() {},
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return {
      clock,
      resolver: {
        alias: () => Promise.resolve(undefined),
        address: () => Promise.resolve("10.0.3.17"),
      },
      probe: () => this.probe,
      readTarget: () =>
        Promise.resolve({
          target,
          given: {
            host: {
              value: target.host,
              origin: { kind: "flag", flag: "--host" },
            },
          },
          source: "rdsiam.toml",
          admin: undefined,
        }),
      findCredentials: () =>
        Promise.resolve({
          source: 'from SSO, profile "prod"',
          expiresAt: clock.now() + 7_200_000,
        }),
      isSignedAsByAws: () => Promise.resolve(true),
      sign: () =>
        Promise.resolve({
          secret: new Secret("token-1"),
          issuedAt: clock.now(),
          expiresAt: clock.now() + 900_000,
        }),
      aws: () => Promise.resolve(aws),
      trustOf: () => Promise.resolve({ kind: "system" }),
      database: () =>
        Promise.resolve({
          logIn: (login) =>
            this.refusal === undefined
              ? Promise.resolve(session)
              : Promise.reject(
                new LoginRefused(this.refusal, login, undefined),
              ),
        }),
      through: (_target, use) => use(undefined),
      logInAsAdmin: () => this.hasAdmin ? Promise.resolve(session) : undefined,
      findClient: () =>
        Promise.resolve({
          path: "/usr/bin/psql",
          version: "psql (PostgreSQL) 15.20",
        }),
      readPasswords: () =>
        Promise.resolve({
          variable: undefined,
          path: "/home/app/.pgpass",
          content: { kind: "missing" },
        }),
      ...this.changes,
    };
  }
}

/** RDS's words for a token that it refuses. */
export const PAM = {
  code: "28000",
  message: 'PAM authentication failed for user "app"',
};

/** PostgreSQL's words for a token that it takes for a password. */
export const PASSWORD = {
  code: "28P01",
  message: 'password authentication failed for user "app"',
};
