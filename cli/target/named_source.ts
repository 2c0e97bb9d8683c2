import type { Config, ConfiguredTarget } from "../../core/config/config.ts";
import { TARGET_KEYS, TARGET_NAME } from "../../core/config/definition.ts";
import { RdsiamError } from "../../core/errors.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import {
  isConnectionUrl,
  parseConnectionUrl,
} from "../../core/target/connection_url.ts";
import { parseEndpoint } from "../../core/target/endpoint.ts";
import type { FieldSource, UrlPlace } from "../../core/target/fields.ts";
import type { Context } from "../frame/context.ts";
import type { Reporter } from "../frame/output.ts";

/** What begins the name of a section of a service file. */
export const SERVICE = "service:";

/** A place that fields come from, and what it is called. */
export interface NamedSource {
  source: FieldSource;
  /** What its target is called, where it has a name. */
  name?: string;
  /** Its target, where it is one of the configuration. */
  configured?: ConfiguredTarget;
}

/**
 * What a `[target]` names: a connection URL, `service:NAME`, or a target of the configuration.
 *
 * @param place where a URL would stand; `config`: the configuration file that was named
 * @throws {RdsiamError} `usage`, when it is not known
 */
export async function namedSource(
  text: string,
  { place, config: file }: { place: UrlPlace; config: string | undefined },
  context: Pick<Context, "loadConfig" | "loadPgServices">,
  reporter: Reporter,
): Promise<NamedSource> {
  if (isConnectionUrl(text)) {
    return {
      source: {
        origin: () => ({ kind: "url", place }),
        fields: parseConnectionUrl(text),
      },
    };
  }
  if (text.startsWith(SERVICE)) {
    return await serviceSource(text.slice(SERVICE.length), context, reporter);
  }
  const { targets } = await context.loadConfig(file, text);
  return configuredSource(
    targets.get(text) ??
      // All of them, to say which is nearest.
      namedTarget(text, await context.loadConfig(file)),
  );
}

/**
 * The target of a configuration that a name means.
 *
 * @throws {RdsiamError} `usage`, when there is none
 */
export function namedTarget(name: string, config: Config): ConfiguredTarget {
  const configured = config.targets.get(name);
  if (configured === undefined) throw unknownTarget(name, config);
  return configured;
}

/** What a target of the configuration gives. */
export function configuredSource(configured: ConfiguredTarget): NamedSource {
  const { name, fields, file } = configured;
  return {
    source: {
      origin: (field) => ({
        kind: "config",
        target: name,
        key: TARGET_KEYS[field],
        file,
      }),
      fields,
    },
    name,
    configured,
  };
}

/**
 * What a section of libpq's service files gives. A password in it is not used.
 *
 * @throws {RdsiamError} `usage`, when there is no such section
 */
export async function serviceSource(
  name: string,
  context: Pick<Context, "loadPgServices">,
  reporter: Reporter,
): Promise<NamedSource> {
  const services = await context.loadPgServices();
  const service = services.find((service) => service.name === name);
  if (service === undefined) {
    throw new RdsiamError("usage", `Service "${name}" is not known`, {
      hint: didYouMean(name, services.map(({ name }) => name)) ??
        "Name a section of ~/.pg_service.conf, or of the file in PGSERVICEFILE",
    });
  }
  const { fields, file, hasPassword } = service;
  if (hasPassword) {
    reporter.warn(
      `The password of service "${name}" in "${file}" is not used: rdsiam logs in with a token`,
    );
  }
  return {
    source: {
      origin: (field) => ({
        kind: "service",
        service: name,
        setting: field,
        file,
      }),
      fields,
    },
    name: `${SERVICE}${name}`,
  };
}

/** A target that no configuration names. Its message names it. */
export class UnknownTarget extends RdsiamError {}

function unknownTarget(text: string, config: Config): UnknownTarget {
  // What looks like no name may hold a password: it is not repeated.
  const target = new RegExp(TARGET_NAME).test(text)
    ? `Target "${text}"`
    : "Target";
  const near = didYouMean(text, config.targets.keys());
  const hint = near !== undefined
    ? `${near} rdsiam targets lists the configured ones`
    : parseEndpoint(text) !== undefined
    ? `Pass a host name as --host ${text}`
    : config.targets.size > 0
    ? "Pass a configured target, which rdsiam targets lists, or a postgres://user@host:port/db URL"
    : "Pass a postgres://user@host:port/db URL, or --host and --username";
  return new UnknownTarget("usage", `${target} is not known`, { hint });
}
