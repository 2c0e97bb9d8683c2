import { createHash } from "node:crypto";
import {
  ComponentType,
  ExternalReferenceType,
  HashAlgorithm,
} from "@cyclonedx/cyclonedx-library/Enums";
import {
  Bom,
  BomRefRepository,
  Component,
  ComponentRepository,
  ExternalReference,
  ExternalReferenceRepository,
  HashDictionary,
  LicenseRepository,
  Metadata,
  type OptionalComponentProperties,
  SpdxLicense,
} from "@cyclonedx/cyclonedx-library/Models";
import { JSON, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import { REPOSITORY_URL } from "../../core/release/release.ts";
import type { Licensed } from "../bundle/licences.ts";
import { DESCRIPTION } from "./assets.ts";

/** What a bill of materials is made of. */
export interface Materials {
  version: string;
  /** The version of Deno that the binary carries. */
  deno: string;
  /** When the commit was made, as ISO 8601. */
  time: string;
  packages: readonly Omit<Licensed, "text">[];
  /** npm's integrity of a package, `sha512-…` in base64, by `name@version`. */
  integrity: ReadonlyMap<string, string>;
}

/**
 * Renders the bill of materials of a binary: CycloneDX 1.6 as JSON. The same materials give the same text.
 *
 * @throws {Error} when a package is not in `deno.lock`
 */
export function renderSbom(materials: Materials): string {
  const { version, deno, time, packages, integrity } = materials;
  const components = [
    component(ComponentType.Application, "deno", {
      version: deno,
      purl: `pkg:github/denoland/deno@v${deno}`,
      licence: "MIT",
    }),
    ...packages.map((found) => npmComponent(found, integrity)),
  ];
  const own = component(ComponentType.Application, "rdsiam", {
    version,
    purl: `pkg:github/rdsiam/rdsiam@v${version}`,
    licence: "MIT",
    description: DESCRIPTION,
    externalReferences: new ExternalReferenceRepository([
      new ExternalReference(REPOSITORY_URL, ExternalReferenceType.VCS),
    ]),
    dependencies: new BomRefRepository(components.map(({ bomRef }) => bomRef)),
  });
  const bom = new Bom({
    metadata: new Metadata({ timestamp: new Date(time), component: own }),
    components: new ComponentRepository(components),
  });
  const serializer = new JsonSerializer(
    new JSON.Normalize.Factory(Spec1dot6),
  );
  const options = { sortLists: true, space: 2 };
  bom.serialNumber = serialNumber(serializer.serialize(bom, options));
  return `${serializer.serialize(bom, options)}\n`;
}

function component(
  type: ComponentType,
  name: string,
  { licence, purl, ...rest }:
    & OptionalComponentProperties
    & { licence: string; purl: string },
): Component {
  return new Component(type, name, {
    ...rest,
    purl,
    bomRef: purl,
    licenses: new LicenseRepository([new SpdxLicense(licence)]),
  });
}

function npmComponent(
  { name, version, licence, author }: Omit<Licensed, "text">,
  integrity: ReadonlyMap<string, string>,
): Component {
  const [, hash] = /^sha512-(.+)$/.exec(
    integrity.get(`${name}@${version}`) ?? "",
  ) ?? [];
  if (hash === undefined) {
    throw new Error(`${name}@${version} is not in deno.lock`);
  }
  const [, group, bare = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return component(ComponentType.Library, bare, {
    ...(group !== undefined && { group }),
    ...(author !== "" && { author }),
    version,
    licence,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    hashes: new HashDictionary([
      [HashAlgorithm["SHA-512"], Uint8Array.fromBase64(hash).toHex()],
    ]),
  });
}

/** A UUID of version 8 (RFC 9562) that is made of a text. */
function serialNumber(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join("-")}`;
}
