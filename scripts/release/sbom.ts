import { createHash } from "node:crypto";
import { REPOSITORY_URL } from "../../core/release.ts";
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
 * Renders the bill of materials of a binary: CycloneDX 1.6 as JSON (https://cyclonedx.org/docs/1.6/json/). The same
 * materials give the same text.
 */
export function renderSbom(materials: Materials): string {
  const { version, deno, time, packages } = materials;
  const own = `pkg:github/rdsiam/rdsiam@v${version}`;
  const components = [
    {
      type: "application",
      "bom-ref": `pkg:github/denoland/deno@v${deno}`,
      name: "deno",
      version: deno,
      licenses: [{ license: { id: "MIT" } }],
      purl: `pkg:github/denoland/deno@v${deno}`,
    },
    ...packages.map((found) => npmComponent(found, materials.integrity)),
  ];
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumber(JSON.stringify([own, time, components])),
    version: 1,
    metadata: {
      timestamp: time,
      component: {
        type: "application",
        "bom-ref": own,
        name: "rdsiam",
        version,
        description: DESCRIPTION,
        licenses: [{ license: { id: "MIT" } }],
        purl: own,
        externalReferences: [{ type: "vcs", url: REPOSITORY_URL }],
      },
    },
    components,
    dependencies: [{
      ref: own,
      dependsOn: components.map((component) => component["bom-ref"]),
    }],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

function npmComponent(
  { name, version, licence, author }: Omit<Licensed, "text">,
  integrity: ReadonlyMap<string, string>,
) {
  const [, hash] = /^sha512-(.+)$/.exec(
    integrity.get(`${name}@${version}`) ?? "",
  ) ?? [];
  if (hash === undefined) {
    throw new Error(`${name}@${version} is not in deno.lock`);
  }
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  const [, group, bare = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return {
    type: "library",
    "bom-ref": purl,
    ...(group !== undefined && { group }),
    name: bare,
    version,
    ...(author !== "" && { author }),
    hashes: [{
      alg: "SHA-512",
      content: Uint8Array.fromBase64(hash).toHex(),
    }],
    licenses: [{ license: { id: licence } }],
    purl,
  };
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
