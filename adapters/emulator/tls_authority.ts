// tsyringe, below @peculiar/x509, refuses to load before this polyfill.
import "reflect-metadata";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { isIP } from "node:net";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR_IN_MILLISECONDS = 3_600_000;
const VALID_FOR_HOURS = 365 * 24;

/** What a TLS server needs, and what its clients need to trust it. */
export interface TlsAuthority {
  /** The certificate of the authority, as PEM: what a client takes as its root. */
  ca: string;
  /** The certificate of the server, as PEM. */
  certificate: string;
  /** The private key of the server, as PEM (PKCS #8). A secret: keep it in memory. */
  privateKey: string;
}

/**
 * Makes a certificate authority and a server certificate signed by it, both EC P-256 and valid from an hour before
 * `now` (for clients whose clock is behind) for a year. The key of the authority is forgotten at once, so it can
 * never sign anything else.
 *
 * Importing this file loads an X.509 library (about 70 ms): import it when it is needed.
 *
 * @param hosts The DNS names and IP addresses that the server certificate is for; at least one.
 * @param now The present moment.
 * @throws {RangeError} When no host is given.
 */
export async function createTlsAuthority(
  hosts: string[],
  now: Date,
): Promise<TlsAuthority> {
  if (hosts.length === 0) {
    throw new RangeError("Cannot make a server certificate: no host is given");
  }
  const authorityKeys = await generateKeys();
  const serverKeys = await generateKeys();
  const validity = {
    notBefore: new Date(now.getTime() - HOUR_IN_MILLISECONDS),
    notAfter: new Date(now.getTime() + VALID_FOR_HOURS * HOUR_IN_MILLISECONDS),
  };
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: "CN=rdsiam emulator CA",
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: await authorityExtensions(authorityKeys),
  });
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    // Hosts are in the alternative names alone: a common name ends at 64 characters, which RDS endpoints exceed.
    subject: "CN=rdsiam emulator",
    issuer: ca.subjectName,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: await serverExtensions(hosts, authorityKeys, serverKeys),
  });
  return {
    ca: withNewline(ca.toString("pem")),
    certificate: withNewline(certificate.toString("pem")),
    privateKey: withNewline(PemConverter.encode(
      await crypto.subtle.exportKey("pkcs8", serverKeys.privateKey),
      PemConverter.PrivateKeyTag,
    )),
  };
}

function generateKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function authorityExtensions(keys: CryptoKeyPair): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    await SubjectKeyIdentifierExtension.create(keys.publicKey),
  ];
}

/** The key identifiers matter: Python 3.13 and `openssl verify -x509_strict` refuse a certificate without. */
async function serverExtensions(
  hosts: string[],
  authorityKeys: CryptoKeyPair,
  serverKeys: CryptoKeyPair,
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      hosts.map((host) =>
        isIP(host) === 0
          ? { type: "dns" as const, value: host }
          : { type: "ip" as const, value: host }
      ),
    ),
    await SubjectKeyIdentifierExtension.create(serverKeys.publicKey),
    await AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
  ];
}

function withNewline(pem: string): string {
  return pem.endsWith("\n") ? pem : `${pem}\n`;
}
