/**
 * AWS as far as rdsiam asks it: RDS, STS and IAM by the query protocol (AWS API references; shapes of botocore's
 * models), for tests in this process and, by `AWS_ENDPOINT_URL`, for programs that they start.
 */
import type { RdsDatabase } from "../../core/rds/database.ts";
import { IamService } from "./iam.ts";
import { OrganizationsService } from "./organizations.ts";
import { type QueryCall, RdsService } from "./rds.ts";
import { Refusal } from "./refusal.ts";
import { accountOf, StsService } from "./sts.ts";
import { element, type XmlValue } from "./xml.ts";

/** A call that the server got. */
export interface ReceivedCall extends QueryCall {
  /** `rds:DescribeDBInstances`, as policies name it. */
  name: string;
  /** Id of the key that it was signed with. */
  accessKeyId: string;
}

/** Answers that are none of AWS's: what networks, proxies and load balancers make of a call. */
const STRANGE = {
  "a sign-in page": () =>
    new Response("<!DOCTYPE html><html><p>Sign in to the hotel", {
      headers: { "content-type": "text/html" },
    }),
  "nothing": () => new Response(""),
  "a proxy's 502": () =>
    new Response("<html><body><h1>502 Bad Gateway</h1>", {
      status: 502,
      headers: { "content-type": "text/html" },
    }),
  "an empty 503": () => new Response("", { status: 503 }),
  "cut XML": () =>
    new Response("<DescribeDBInstancesResponse><DescribeDBInstancesRes", {
      headers: { "content-type": "text/xml" },
    }),
  "a reset": () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("<Describe"));
        },
        pull(controller) {
          controller.error(new Error("reset"));
        },
      }),
      { headers: { "content-type": "text/xml", "content-length": "9999" } },
    ),
} as const;

/** One of these answers. */
export type StrangeAnswer = keyof typeof STRANGE;

/** What to answer once, or from now on, instead of the usual. */
type Trouble = { refusal: Refusal | "hang" | StrangeAnswer; times: number };

const NAMESPACES: Readonly<Record<string, string>> = {
  rds: "http://rds.amazonaws.com/doc/2014-10-31/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
};

/** A running server. */
export class AwsQueryServer implements AsyncDisposable {
  readonly rds: RdsService;
  readonly sts = new StsService();
  readonly iam = new IamService();
  readonly organizations = new OrganizationsService();
  /** Every call in its order. */
  readonly calls: ReceivedCall[] = [];
  /** Regions that the account has not enabled, where no key is known. */
  readonly disabledRegions = new Set<string>();
  /** The clock of the `Date` header, in milliseconds since the epoch; the true time where it is not set. */
  time: number | undefined;
  /** Actions that tests add, such as `sts:AssumeRole`; they answer with the content of the result. */
  readonly handlers = new Map<string, (call: ReceivedCall) => XmlValue>();
  readonly #troubles = new Map<string, Trouble>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #ended = Promise.withResolvers<void>();

  constructor(databases: readonly RdsDatabase[] = []) {
    this.rds = new RdsService(databases);
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#serve(request),
    );
  }

  /** Where it listens. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** The variables that lead a program to it, with a key that it takes. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_REGION: "eu-west-1",
    };
  }

  /** Denies an action from now on. */
  deny(name: string): void {
    this.refuse(
      name,
      new Refusal(
        "AccessDenied",
        `User: ${this.sts.caller.Arn} is not authorized to perform: ${name} ` +
          `because no identity-based policy allows the ${name} action`,
        403,
      ),
    );
  }

  /** Throttles an action so many times. */
  throttle(name: string, times: number): void {
    this.refuse(name, new Refusal("Throttling", "Rate exceeded"), times);
  }

  /** Refuses an action so many times. */
  refuse(
    name: string,
    refusal: Refusal | StrangeAnswer,
    times = Infinity,
  ): void {
    this.#troubles.set(name, { refusal, times });
  }

  /** Never answers an action. */
  hang(name: string): void {
    this.#troubles.set(name, { refusal: "hang", times: Infinity });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.resolve();
    await this.#server.shutdown();
  }

  async #serve(request: Request): Promise<Response> {
    const body = await request.text();
    if (request.headers.get("x-amz-target")?.endsWith(".ListAccounts")) {
      return Response.json(this.organizations.list(JSON.parse(body)));
    }
    const parameters = new URLSearchParams(body);
    const action = parameters.get("Action") ?? "";
    let service = "";
    try {
      const scope = readScope(request.headers);
      const { accessKeyId, region } = scope;
      service = scope.service;
      const name = `${service}:${action}`;
      const account = accountOf(accessKeyId) ??
        (this.organizations.accounts.length > 0
          ? this.sts.caller.Account
          : undefined);
      const call: ReceivedCall = {
        ...{ action, region, parameters, name, accessKeyId },
        ...(account !== undefined && { account }),
      };
      this.calls.push(call);
      if (this.disabledRegions.has(region)) {
        throw new Refusal(
          "InvalidClientTokenId",
          "The security token included in the request is invalid.",
          403,
        );
      }
      const strange = await this.#meetTrouble(name);
      if (strange !== undefined) return STRANGE[strange]();
      const result = this.#answer(service, call);
      return this.#respond(200, service, `${action}Response`, {
        [`${action}Result`]: result,
        ResponseMetadata: { RequestId: crypto.randomUUID() },
      });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, message, status } = error;
      return this.#respond(status, service, "ErrorResponse", {
        Error: { Type: "Sender", Code: code, Message: message },
        RequestId: crypto.randomUUID(),
      });
    }
  }

  async #meetTrouble(name: string): Promise<StrangeAnswer | undefined> {
    const trouble = this.#troubles.get(name);
    if (trouble === undefined || trouble.times <= 0) return undefined;
    trouble.times--;
    if (trouble.refusal instanceof Refusal) throw trouble.refusal;
    if (trouble.refusal !== "hang") return trouble.refusal;
    await this.#ended.promise;
  }

  #answer(service: string, call: ReceivedCall): XmlValue {
    const services: Record<string, { answer(call: QueryCall): XmlValue }> = {
      rds: this.rds,
      sts: this.sts,
      iam: this.iam,
    };
    const result = this.handlers.get(call.name)?.(call) ??
      services[service]?.answer(call);
    if (result !== undefined) return result;
    throw new Refusal(
      "InvalidAction",
      `Could not find operation ${call.action}`,
    );
  }

  #respond(
    status: number,
    service: string,
    name: string,
    content: XmlValue,
  ): Response {
    const xml = element(name, content)
      .replace(">", ` xmlns="${NAMESPACES[service]}">`);
    return new Response(xml, {
      status,
      headers: {
        "content-type": "text/xml",
        ...(this.time !== undefined && {
          date: new Date(this.time).toUTCString(),
        }),
      },
    });
  }
}

/** Whose key signed a request, for which region and service. */
function readScope(headers: Headers) {
  const authorization = headers.get("authorization") ?? "";
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=[^,]*host[^,]*, ?Signature=[0-9a-f]{64}$/
      .exec(authorization);
  if (match === null || headers.get("x-amz-date") === null) {
    throw new Refusal(
      "MissingAuthenticationToken",
      "Request is missing Authentication Token",
      403,
    );
  }
  const [, accessKeyId = "", region = "", service = ""] = match;
  return { accessKeyId, region, service };
}
