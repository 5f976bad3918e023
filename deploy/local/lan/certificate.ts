import "reflect-metadata";
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import path from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** Who signs this machine's own certificates. A phone that trusts it once trusts every later one. */
export type Authority = { readonly certificate: X509Certificate; readonly key: CryptoKey };

/** PEM texts, as a server takes them. */
export type Certificate = { readonly cert: string; readonly key: string };

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const AUTHORITY_DAYS = 3_650;
/** The longest that phones accept. */
const CERTIFICATE_DAYS = 397;
const DAY_MS = 86_400_000;

/** The authority of a folder, made at the first use; its key leaves the folder never. */
export async function keptAuthority(folder: string, nowMs: number): Promise<Authority> {
  const file = path.join(folder, "lan-authority.pem");
  const kept = await readFile(file, "utf8").catch(() => undefined); // The first time.
  if (kept !== undefined) return await readAuthority(kept);
  const made = await makeAuthority(nowMs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Key and certificate in one file: a crash leaves both or neither.
  const draft = `${file}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, (await pemOfKey(made.key)) + made.certificate.toString("pem"), { mode: 0o600, flush: true });
  await rename(draft, file);
  return made;
}

/** A new authority that may sign for servers and nothing else. */
export async function makeAuthority(nowMs: number): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=Verbatim on this network",
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  });
  return { certificate, key: keys.privateKey };
}

/** A server's certificate for these addresses and names, with the authority's behind it. */
export async function issueFor(authority: Authority, names: readonly string[], nowMs: number): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: "CN=Verbatim",
    issuer: authority.certificate.subject,
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + CERTIFICATE_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value })),
      ),
    ],
  });
  const chain = [certificate, authority.certificate].map((each) => each.toString("pem")).join("\n");
  return { cert: `${chain}\n`, key: await pemOfKey(keys.privateKey) };
}

async function readAuthority(pem: string): Promise<Authority> {
  const [key] = PemConverter.decode(/-----BEGIN PRIVATE KEY-----[^]*?-----END PRIVATE KEY-----/.exec(pem)?.[0] ?? "");
  const certificate = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (!key || !certificate) throw new Error("The kept authority of --lan cannot be read: delete lan-authority.pem.");
  return {
    certificate: new X509Certificate(certificate),
    key: await crypto.subtle.importKey("pkcs8", key, ALGORITHM, true, ["sign"]),
  };
}

async function pemOfKey(key: CryptoKey): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

/** Positive, and never the same twice, or browsers refuse the second. */
const serial = (): string => `01${randomBytes(15).toString("hex")}`;
