import { X509Certificate } from "node:crypto";

/**
 * The root certificates of a PEM text, but for those that have expired. Authorities below a root are left out, too: a
 * server sends them along.
 *
 * @param now milliseconds since the epoch
 * @throws {SyntaxError} when a part of it is no certificate of an authority, or no root is left
 */
export function readRoots(text: string, now: number): string {
  const blocks = blocksOf(text);
  if (blocks.length === 0) {
    throw new SyntaxError("it holds no certificate");
  }
  if (text.split("-----BEGIN").length - 1 > blocks.length) {
    throw new SyntaxError("it ends within a certificate");
  }
  const roots = blocks
    .map((block) => ({ block, certificate: parse(block) }))
    .filter(({ certificate }) =>
      certificate.checkIssued(certificate) &&
      Date.parse(certificate.validTo) > now
    );
  if (roots.length === 0) {
    throw new SyntaxError("it holds no root that is still valid");
  }
  return roots.map(({ block }) => `${block.trim()}\n`).join("");
}

/** The certificates of several PEM texts, each once. */
export function mergeRoots(texts: readonly string[]): string {
  const blocks = new Set(texts.flatMap(blocksOf).map((block) => block.trim()));
  return [...blocks].map((block) => `${block}\n`).join("");
}

function blocksOf(text: string): readonly string[] {
  return text.match(/-----BEGIN[^]*?-----END[^\n]*/g) ?? [];
}

function parse(block: string): X509Certificate {
  if (!block.startsWith("-----BEGIN CERTIFICATE-----")) {
    throw new SyntaxError("it holds something else than certificates");
  }
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(block);
  } catch {
    throw new SyntaxError("a certificate in it is damaged");
  }
  if (!certificate.ca) {
    throw new SyntaxError("a certificate in it is of no authority");
  }
  return certificate;
}
