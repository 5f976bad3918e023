import { createHmac, timingSafeEqual } from "node:crypto";
import { DomainError } from "@verbatim/shared/errors";
import { Manifest, SignedManifest } from "@verbatim/shared/recording/manifest";

/** The manifest as it goes to the store: its exact text, and an HMAC-SHA-256 over that text. */
export function signManifest(secret: string, manifest: Manifest): SignedManifest {
  const text = JSON.stringify(manifest);
  return { manifest: text, signature: mac(secret, text).toString("hex") };
}

/**
 * Reads a stored manifest. Throws `input.invalid` when the bytes are no signed manifest, and `auth.forbidden` when
 * the signature is not ours: whoever can write to the bucket must not be able to choose what a master is made from.
 */
export function openManifest(secret: string, stored: Uint8Array): Manifest {
  const { manifest: text, signature } = parse(() => SignedManifest.parse(JSON.parse(new TextDecoder().decode(stored))));
  if (!timingSafeEqual(mac(secret, text), Buffer.from(signature, "hex"))) {
    throw new DomainError("auth.forbidden", "The manifest's signature does not match.");
  }
  return parse(() => Manifest.parse(JSON.parse(text)));
}

const mac = (secret: string, text: string): Buffer => createHmac("sha256", secret).update(text).digest();

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new DomainError("input.invalid", "The stored manifest cannot be read.", { cause });
  }
}
