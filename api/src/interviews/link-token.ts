import { createHash, createHmac } from "node:crypto";

/**
 * The secret of an invitation link: 256 bits made from its id and generation, so that the page can show the link again
 * while the table holds only a hash. A new generation is a new secret.
 */
export function linkSecret(key: string, link: { readonly id: string; readonly generation: number }): string {
  return createHmac("sha256", key).update(`invitation/${link.id}/${link.generation}`).digest("base64url");
}

/** How secrets of links and cookies are stored. They are random, so a plain hash cannot be guessed back. */
export const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();
